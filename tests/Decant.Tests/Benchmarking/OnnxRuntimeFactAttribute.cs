using Decant.Benchmarking;
using Xunit;

namespace Decant.Tests.Benchmarking;

/// <summary>
/// A test that needs ONNX Runtime, or a file of DECANT_DATA too. Where ONNX Runtime's package has a library for the
/// system, as on Linux, the test runs or fails; elsewhere it is skipped.
/// </summary>
public sealed class OnnxRuntimeFactAttribute : FactAttribute
{
    public OnnxRuntimeFactAttribute(string? data = null)
    {
        bool mustBeThere =
            OperatingSystem.IsLinux()
            && System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture
                is System.Runtime.InteropServices.Architecture.X64
                    or System.Runtime.InteropServices.Architecture.Arm64;
        if (!mustBeThere)
            Skip = OnnxRuntimeLibrary.Problem;
        if (data is not null)
            Skip ??= DataFactAttribute.Missing(data);
    }

    /// <summary>Whether it needs libtorch too.</summary>
    public bool Libtorch
    {
        get;
        set
        {
            field = value;
            if (value)
                Skip ??= global::Decant.Torch.LibTorch.Problem;
        }
    }
}
