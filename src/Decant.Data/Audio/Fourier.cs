using System.Numerics;

namespace Decant.Data;

/// <summary>
/// Magnitudes of the discrete Fourier transform of real frames of one length: by halves where the length is a power of
/// two (Cooley and Tukey 1965), else term by term.
/// </summary>
internal sealed class Fourier
{
    private readonly double[] window;
    private readonly Complex[] turns;
    private readonly Complex[] values,
        spare;

    /// <param name="length">Samples of a frame.</param>
    /// <param name="kind">What frames are multiplied by.</param>
    public Fourier(int length, AudioWindow kind)
    {
        window = new double[length];
        turns = new Complex[length];
        for (int i = 0; i < length; i++)
        {
            double angle = 2 * Math.PI * i / length;
            window[i] = kind == AudioWindow.Hann ? 0.5 - 0.5 * Math.Cos(angle) : 1;
            turns[i] = Complex.FromPolarCoordinates(1, -angle);
        }
        (values, spare) = (new Complex[length], new Complex[length]);
    }

    /// <summary>How many magnitudes a frame has.</summary>
    public static int Bins(int length) => length / 2 + 1;

    /// <summary>Computes the magnitudes of a frame, from frequency 0 to half the sampling rate.</summary>
    public void Magnitudes(ReadOnlySpan<float> frame, Span<float> to)
    {
        int length = window.Length;
        for (int i = 0; i < length; i++)
            spare[i] = values[i] = frame[i] * window[i];
        if (BitOperations.IsPow2(length))
        {
            Transform(spare, values, 1);
            for (int k = 0; k < to.Length; k++)
                to[k] = (float)spare[k].Magnitude;
            return;
        }
        for (int k = 0; k < to.Length; k++)
        {
            Complex sum = Complex.Zero;
            for (int i = 0; i < length; i++)
                sum += values[i] * turns[(int)((long)i * k % length)];
            to[k] = (float)sum.Magnitude;
        }
    }

    /// <summary>Transforms in place; the other span holds the same values before, and is written.</summary>
    private void Transform(Span<Complex> made, Span<Complex> from, int step)
    {
        int half = made.Length / 2;
        if (half == 0)
            return;
        for (int i = 0; i < half; i++)
            (made[i], made[i + half]) = (from[2 * i], from[2 * i + 1]);
        made.CopyTo(from);
        Transform(made[..half], from[..half], 2 * step);
        Transform(made[half..], from[half..], 2 * step);
        for (int i = 0; i < half; i++)
        {
            Complex even = made[i],
                odd = made[i + half] * turns[i * step];
            (made[i], made[i + half]) = (even + odd, even - odd);
        }
    }
}
