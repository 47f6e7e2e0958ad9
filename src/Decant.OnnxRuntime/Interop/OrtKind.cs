namespace Decant.OnnxRuntime.Interop;

/// <summary>What a handle is; the number is the place of the function that releases it.</summary>
internal enum OrtKind
{
    MemoryInfo = 94,
    Session = 95,
    Tensor = 96,
    TypeInfo = 98,
    TensorInfo = 99,
    SessionOptions = 100,
    IoBinding = 135,
}
