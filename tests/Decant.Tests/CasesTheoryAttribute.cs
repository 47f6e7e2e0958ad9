namespace Decant.Tests;

/// <summary>
/// A theory on files of the folder <c>cases</c> beside the data root (DECANT_DATA); skipped, with the reason, where it
/// is missing.
/// </summary>
public sealed class CasesTheoryAttribute : Xunit.TheoryAttribute
{
    public CasesTheoryAttribute()
    {
        if (!Directory.Exists(PathOf("")))
            Skip = "needs the folder 'cases' beside DECANT_DATA";
    }

    public static string PathOf(string path) => DataFactAttribute.PathOf(Path.Combine("..", "cases", path));
}
