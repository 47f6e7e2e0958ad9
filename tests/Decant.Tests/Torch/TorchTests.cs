using Xunit;
using Xunit.Abstractions;

[assembly: TestCollectionOrderer("Decant.Tests.Torch.LongestFirst", "Decant.Tests")]

namespace Decant.Tests.Torch;

/// <summary>
/// libtorch's thread count belongs to the process, so these tests take turns; what does not train runs beside them.
/// </summary>
[CollectionDefinition("libtorch")]
public sealed class TorchTests;

/// <summary>Tests that measure the whole process: nothing runs beside them.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class LoneTests;

/// <summary>The collection that takes longest starts first, so that the others fill the time beside it.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(c => c.DisplayName == "libtorch" ? 0 : 1);
}
