using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Decant.Core;
using Decant.Pipelines;
using Decant.Techniques.Statistics;

namespace Decant.Quantization;

/// <summary>Statistics of a network's values as YAML that a person can read and change.</summary>
public static class StatisticsFile
{
    private const int MaxLength = 1 << 26,
        MaxExtent = 1 << 30;

    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

    /// <summary>The YAML of statistics.</summary>
    /// <param name="statistics">The statistics.</param>
    /// <param name="of">What they are of, for a person.</param>
    public static string Write(NetworkStatistics statistics, string of)
    {
        var text = new StringBuilder().Append(Plain, $"statistics: {YamlText.Quoted(of)}\nvalues:\n");
        foreach (var (name, v) in statistics.Values)
        {
            text.Append(
                    Plain,
                    $"  {YamlText.Quoted(name)}:\n    shape: {string.Join('x', v.Shape.Dims)}\n    count: {v.Count}\n"
                )
                .Append(
                    Plain,
                    $"    min: {v.Low:R}\n    max: {v.High:R}\n    average-min: {v.AverageLow:R}\n    "
                        + $"average-max: {v.AverageHigh:R}\n"
                )
                .Append(Plain, $"    mean: {v.Mean:R}\n    deviation: {v.Deviation:R}\n    laplace: {v.Laplace:R}\n");
            Append(text, "histogram", v.Histogram);
            if (v.Bulk is { } bulk)
                Append(text, "bulk", bulk);
        }
        return text.ToString();
    }

    private static void Append(StringBuilder text, string key, ValueHistogram histogram)
    {
        int first = histogram.Counts.IndexOfAnyExcept(0),
            last = histogram.Counts.LastIndexOfAnyExcept(0);
        text.Append(
            Plain,
            $"    {key}: {{width: {histogram.Width:R}, first: {first}, counts: "
                + $"\"{string.Join(' ', histogram.Counts[first..(last + 1)].ToArray())}\"}}\n"
        );
    }

    /// <summary>Reads a file of statistics.</summary>
    /// <exception cref="DecantException">It is not there, too long, or wrong; the line is named.</exception>
    public static NetworkStatistics Load(string path) =>
        Read(YamlText.ReadFile(path, MaxLength, "a file of statistics", "decant stats"), path);

    /// <summary>Reads statistics.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="file">What messages call it.</param>
    /// <exception cref="RecipeException">A key is unknown or missing, or a value wrong; the line is named.</exception>
    public static NetworkStatistics Read(string text, string file)
    {
        if (text.Length > MaxLength)
            throw new RecipeException(file, 1, $"the file is longer than {MaxLength} characters");
        var map = new YamlMap(YamlText.Root(text, file, "a file of statistics"), file, "a file of statistics");
        map.Text("statistics");
        YamlMap values = map.Map("values") ?? throw map.Error(null, "a file of statistics needs 'values'");
        map.EnsureAllKnown();
        return new NetworkStatistics(
            values.Keys.ToImmutableSortedDictionary(k => k, k => Value(values.Map(k)!), StringComparer.Ordinal)
        );
    }

    private static ValueStatistics Value(YamlMap map)
    {
        double low = Number(map, "min"),
            high = Number(map, "max");
        if (high < low)
            throw map.Error("max", $"'max: {high}' lies below 'min: {low}'");
        var read = new ValueStatistics(
            ShapeOf(map),
            map.Integer("count", 1, int.MaxValue, 1),
            low,
            high,
            Number(map, "average-min"),
            Number(map, "average-max"),
            Number(map, "mean"),
            Number(map, "deviation", 0),
            Number(map, "laplace", 0),
            Histogram(map.Map("histogram") ?? throw map.Error(null, "a value needs 'histogram'"))
        )
        {
            Bulk = map.Map("bulk") is { } bulk ? Histogram(bulk) : null,
        };
        map.EnsureAllKnown();
        return read;
    }

    private static double Number(YamlMap map, string name, double least = -float.MaxValue)
    {
        map.Text(name);
        return map.Number(name, least, float.MaxValue, 0);
    }

    private static Shape ShapeOf(YamlMap map)
    {
        var extents = new List<int>();
        foreach (string part in map.Text("shape").Split('x', StringSplitOptions.RemoveEmptyEntries))
            extents.Add(
                int.TryParse(part, NumberStyles.None, Plain, out int n) && n <= MaxExtent
                    ? n
                    : throw map.Error("shape", $"'{part}' is no extent of a shape such as 16x32x32")
            );
        return new Shape([.. extents]);
    }

    private static ValueHistogram Histogram(YamlMap map)
    {
        double width = map.Number("width", 0, float.MaxValue, 0);
        int at = map.Integer("first", 0, ValueHistogram.Bins - 1, 0);
        var counts = new long[ValueHistogram.Bins];
        foreach (string part in map.Text("counts").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (at == counts.Length)
                throw map.Error("counts", $"there are more counts than the {ValueHistogram.Bins} bins");
            counts[at++] = long.TryParse(part, NumberStyles.None, Plain, out long count)
                ? count
                : throw map.Error("counts", $"'{part}' is no count");
        }
        map.EnsureAllKnown();
        return new ValueHistogram(width, counts);
    }
}
