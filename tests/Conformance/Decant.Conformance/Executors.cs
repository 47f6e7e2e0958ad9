using Decant.Core;
using Decant.Runtime;
using Decant.Training;

namespace Decant.Conformance;

/// <summary>The executors that the cases are run on: one line each.</summary>
internal static class Executors
{
    public static IReadOnlyDictionary<string, Func<Network, IExecutor>> All { get; } =
        new SortedDictionary<string, Func<Network, IExecutor>>(StringComparer.Ordinal)
        {
            ["reference"] = network => new ReferenceExecutor(network),
            ["runtime"] = network => new InferenceModel(network).CreateSession(),
            ["torch"] = network => new TorchExecutor(network),
        };
}
