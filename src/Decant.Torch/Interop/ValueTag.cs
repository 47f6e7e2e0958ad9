namespace Decant.Torch.Interop;

/// <summary>What a value holds (<c>Tag</c> in decant_torch.cpp).</summary>
internal enum ValueTag
{
    None,
    Tensor,
    Int,
    Double,
    Bool,
    IntList,
    DoubleList,
    TensorList,
    OptionalTensorList,
    String,
}
