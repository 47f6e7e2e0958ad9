using Decant.Reports;

namespace Decant.Bench;

/// <summary>A measurement with a table of its own.</summary>
internal interface IBenchmark
{
    /// <summary>The name that ./dev bench takes.</summary>
    string Name { get; }

    /// <summary>What it measures, in one line.</summary>
    string Description { get; }

    /// <summary>Measures; says on standard error how it goes.</summary>
    IReadOnlyList<ResultRow> Run();
}
