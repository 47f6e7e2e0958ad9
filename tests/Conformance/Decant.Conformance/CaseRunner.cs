using Decant.Core;
using Decant.Formats.Onnx;

namespace Decant.Conformance;

/// <summary>Runs one case on one executor.</summary>
internal static class CaseRunner
{
    /// <summary>
    /// Why the case fails, in one line; null if it passes. Whatever goes wrong is a reason: one case never stops the
    /// others.
    /// </summary>
    public static string? Failure(ConformanceCase test, Func<Network, IExecutor> make)
    {
        try
        {
            using IExecutor executor = make(OnnxReader.Read(test.Model));
            string[] sets = [.. test.DataSets];
            if (sets.Length == 0)
                return "it has no test_data_set folder";
            return sets.Select(set => Failure(executor, set)).FirstOrDefault(reason => reason is not null);
        }
        catch (Exception e) // An executor that crashes fails the case, and the report says how.
        {
            string line = e.Message.Split('\n')[0].TrimEnd();
            return e is DecantException ? line : $"{e.GetType().Name}: {line}";
        }
    }

    private static string? Failure(IExecutor executor, string set)
    {
        Tensor[] expected = Read(set, "output");
        IReadOnlyList<Tensor> actual = executor.Run(Read(set, "input"));
        if (actual.Count != expected.Length)
            return $"{actual.Count} outputs, expected {expected.Length}";
        return expected
            .Select((t, i) => TensorComparison.Difference(t, actual[i]) is { } reason ? $"output {i}: {reason}" : null)
            .FirstOrDefault(reason => reason is not null);
    }

    private static Tensor[] Read(string set, string kind) =>
        [.. ConformanceCase.Tensors(set, kind).Select(TensorProtoReader.Read)];
}
