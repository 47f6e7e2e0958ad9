using System.Globalization;
using Decant.Core;

namespace AotClassify;

/// <summary>Grey pictures in the portable graymap format, plain (P2) or raw (P5).</summary>
internal static class Picture
{
    private const int LargestSide = 4096,
        Header = 4;

    /// <summary>The picture as a tensor of shape 1×1×height×width, numbers 0 to 1.</summary>
    /// <exception cref="DecantException">The file is no such picture.</exception>
    public static Tensor Read(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        int at = 0;
        string[] header = [.. Enumerable.Range(0, Header).Select(_ => Word(file, ref at))];
        if (
            header[0] is not ("P2" or "P5")
            || Number(header[1], LargestSide) is not { } width
            || Number(header[2], LargestSide) is not { } height
            || Number(header[3], 255) is not { } white
        )
            throw new DecantException($"{path} is no .pgm picture of up to {LargestSide} pixels a side and 255 greys");
        var pixels = new float[width * height];
        at++;
        for (int i = 0; i < pixels.Length; i++)
        {
            int? grey =
                header[0] == "P2" ? Number(Word(file, ref at), white, least: 0)
                : at < file.Length ? file[at++]
                : null;
            pixels[i] =
                (grey ?? throw new DecantException($"{path} ends, or has no number, at pixel {i} of {pixels.Length}"))
                / (float)white;
        }
        return Tensor.Of(new Shape(1, 1, height, width), pixels);
    }

    private static int? Number(string text, int most, int least = 1) =>
        int.TryParse(text, CultureInfo.InvariantCulture, out int n) && n >= least && n <= most ? n : null;

    /// <summary>The next word; lines that begin with # are remarks.</summary>
    private static string Word(byte[] file, ref int at)
    {
        for (; at < file.Length && (file[at] <= ' ' || file[at] == '#'); at++)
            if (file[at] == '#')
                while (at < file.Length - 1 && file[at] != '\n')
                    at++;
        int start = at;
        while (at < file.Length && file[at] > ' ')
            at++;
        return System.Text.Encoding.ASCII.GetString(file, start, at - start);
    }
}
