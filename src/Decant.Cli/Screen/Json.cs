using System.Text.Encodings.Web;
using System.Text.Json;

namespace Decant.Cli.Screen;

/// <summary>Results for scripts, on standard output. Keys are stable.</summary>
internal static class Json
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Print(object value) => Console.WriteLine(JsonSerializer.Serialize(value, Options));
}
