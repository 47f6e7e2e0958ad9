using System.Text.Json;
using Decant.Core;
using Decant.Runs;

namespace Decant.Sensitivity;

/// <summary>
/// What an analysis keeps on disk: sensitivity.json (what went in), points.jsonl (every measurement, as soon as it is
/// made), sensitivity.csv and sensitivity.svg at the end. A last line of points.jsonl that was cut is dropped.
/// </summary>
internal sealed class SensitivityFolder
{
    private readonly string folder;
    private readonly Dictionary<(string Target, double Level), SensitivityPoint> points = [];

    private SensitivityFolder(string folder) => this.folder = Path.GetFullPath(folder);

    private string PointsPath => Path.Combine(folder, "points.jsonl");

    /// <summary>Opens a folder, new or with measurements of the same analysis.</summary>
    /// <exception cref="DecantException">It holds those of another.</exception>
    public static SensitivityFolder Open(string folder, SensitivityIdentity identity)
    {
        OutputFolder.Make(folder);
        var opened = new SensitivityFolder(folder);
        string path = Path.Combine(opened.folder, "sensitivity.json");
        if (File.Exists(path))
            EnsureSame(folder, path, identity);
        else
            AtomicFile.Write(path, JsonSerializer.Serialize(identity, RunJson.Indented));
        opened.Read();
        return opened;
    }

    /// <summary>A measurement made before; null if there is none.</summary>
    public SensitivityPoint? Find(string target, double level) => points.GetValueOrDefault((target, level));

    /// <summary>Appends a measurement, flushed.</summary>
    public void Append(string target, SensitivityPoint point) => File.AppendAllText(PointsPath, Line(target, point));

    /// <summary>Writes the table and the plot.</summary>
    public void Finish(SensitivityReport report)
    {
        AtomicFile.Write(Path.Combine(folder, "sensitivity.csv"), SensitivityCsv.Of(report));
        AtomicFile.Write(Path.Combine(folder, "sensitivity.svg"), SensitivityPlot.Of(report));
    }

    private static string Line(string target, SensitivityPoint point) =>
        JsonSerializer.Serialize(new Entry(target, point), RunJson.Compact) + "\n";

    private void Read()
    {
        if (!File.Exists(PointsPath))
            return;
        var whole = new List<string>();
        foreach (string text in File.ReadAllText(PointsPath).Split('\n'))
        {
            if (Parse(text) is not { Target: { } target, Point: { Score: not null } point })
                break;
            points[(target, point.Level)] = point;
            whole.Add(text + "\n");
        }
        AtomicFile.Write(PointsPath, string.Concat(whole));
    }

    private static Entry? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<Entry>(text, RunJson.Compact);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void EnsureSame(string folder, string path, SensitivityIdentity identity)
    {
        SensitivityIdentity? before;
        try
        {
            before = JsonSerializer.Deserialize<SensitivityIdentity>(File.ReadAllText(path), RunJson.Compact);
        }
        catch (JsonException e)
        {
            throw new DecantException(
                $"{path} is damaged: {e.Message.Split('\n')[0]}; delete {folder}, or name another folder",
                e
            );
        }
        string[] differences = [.. identity.Differences(before!)];
        if (differences.Length > 0)
            throw new DecantException(
                $"{folder} holds an analysis that differs in: {string.Join(", ", differences)}; name "
                    + "another folder, or delete this one"
            );
    }

    private sealed record Entry(string Target, SensitivityPoint Point);
}
