using System.Globalization;

namespace Decant.Conformance;

/// <summary>One case of ONNX's backend tests: a model, and sets of inputs with the outputs they must give.</summary>
/// <param name="Name">Its folder below the root, such as node/test_relu.</param>
/// <param name="Folder">Where it lies.</param>
internal sealed record ConformanceCase(string Name, string Folder)
{
    /// <summary>The model's file.</summary>
    public string Model => Path.Combine(Folder, "model.onnx");

    /// <summary>The folders of the data sets, in order.</summary>
    public IEnumerable<string> DataSets =>
        Directory.EnumerateDirectories(Folder, "test_data_set_*").Order(StringComparer.Ordinal);

    /// <summary>The tensor files of a data set of one kind, input or output, by their number.</summary>
    public static IEnumerable<string> Tensors(string dataSet, string kind) =>
        Directory
            .EnumerateFiles(dataSet, $"{kind}_*.pb")
            .OrderBy(f =>
                int.TryParse(
                    Path.GetFileNameWithoutExtension(f)[(kind.Length + 1)..],
                    CultureInfo.InvariantCulture,
                    out int n
                )
                    ? n
                    : int.MaxValue
            );
}
