using Decant.Core;
using Decant.Torch;
using Decant.Training.Data;

namespace Decant.Training;

/// <summary>From a network's input under one pixel arithmetic to that under another, of the same images: per channel factor · x + shift.</summary>
public sealed class PixelChange
{
    private readonly float[] factors, shifts;
    private readonly bool reversed;
    private readonly long[] sizes;

    private PixelChange(float[] factors, float[] shifts, bool reversed, Shape image) =>
        (this.factors, this.shifts, this.reversed, sizes) = (factors, shifts, reversed, [-1, factors.Length, image.Count / factors.Length]);

    /// <summary>The change from one arithmetic to another; null where they are the same.</summary>
    /// <param name="from">The one that made the input.</param>
    /// <param name="to">The one that is wanted.</param>
    /// <param name="image">C×H×W or F.</param>
    /// <exception cref="DataException">One of the two does not fit the images.</exception>
    public static PixelChange? Between(Preprocessing from, Preprocessing to, Shape image)
    {
        from.CheckFits(image);
        to.CheckFits(image);
        if (from == to) return null;
        double ratio = (double)to.Scale / from.Scale;
        int channels = Preprocessing.ChannelsOf(image);
        float[] factors = new float[channels], shifts = new float[channels];
        for (int c = 0; c < channels; c++)
        {
            int own = from.SourceChannel(to.SourceChannel(c));
            factors[c] = (float)(from.StdOf(own) * ratio / to.StdOf(c));
            shifts[c] = (float)((from.MeanOf(own) * ratio - to.MeanOf(c)) / to.StdOf(c));
        }
        return new PixelChange(factors, shifts, from.Channels != to.Channels, image);
    }

    /// <summary>The changed input of a batch, in the shape it came in: N×C×H×W or N×F.</summary>
    public TorchTensor Of(TorchTensor images)
    {
        TorchTensor planes = images.Reshape(sizes);
        if (reversed) planes = planes.IndexSelect(1, TorchTensor.From<long>([2, 1, 0], 3)); // Only three channels have two orders.
        return planes.Mul(PerChannel(factors)).Add(PerChannel(shifts)).Reshape(images.Shape);
    }

    private static TorchTensor PerChannel(float[] values) => TorchTensor.From<float>(values, 1, values.Length, 1);
}
