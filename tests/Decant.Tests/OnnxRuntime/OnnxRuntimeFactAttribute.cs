using Decant.OnnxRuntime;
using Xunit;

namespace Decant.Tests.OnnxRuntime;

/// <summary>
/// A test that needs ONNX Runtime; skipped, with the reason, where there is none, or where a file of DECANT_DATA is
/// missing.
/// </summary>
public sealed class OnnxRuntimeFactAttribute : FactAttribute
{
    public OnnxRuntimeFactAttribute(string? data = null) =>
        Skip = OnnxRuntimeLibrary.Problem ?? (data is null ? null : new DataFactAttribute(data).Skip);
}
