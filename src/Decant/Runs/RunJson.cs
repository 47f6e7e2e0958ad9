using System.Text.Json;

namespace Decant.Runs;

/// <summary>How run files are written as JSON.</summary>
internal static class RunJson
{
    public static JsonSerializerOptions Compact { get; } = new(JsonSerializerDefaults.Web);

    public static JsonSerializerOptions Indented { get; } = new(JsonSerializerDefaults.Web) { WriteIndented = true };
}
