using Xunit;

namespace Decant.Tests.Torch;

/// <summary>The seed and the thread count belong to the process, so these tests take turns.</summary>
[CollectionDefinition("libtorch", DisableParallelization = true)]
public sealed class TorchTests;
