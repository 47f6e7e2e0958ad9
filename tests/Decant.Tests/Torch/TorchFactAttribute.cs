using Decant.Torch;
using Xunit;

namespace Decant.Tests.Torch;

/// <summary>A test that needs libtorch; skipped, with the reason, where there is none.</summary>
public sealed class TorchFactAttribute : SkippableFactAttribute
{
    public TorchFactAttribute() => Skip = LibTorch.Problem;
}
