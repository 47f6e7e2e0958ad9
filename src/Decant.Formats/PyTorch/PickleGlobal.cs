namespace Decant.Formats.PyTorch;

/// <summary>The few names that a state dictionary may ask for. They are never looked up anywhere: what they make is known here.</summary>
internal enum PickleGlobal
{
    /// <summary>collections.OrderedDict.</summary>
    OrderedDictionary,
    /// <summary>torch._utils._rebuild_tensor: storage, offset, sizes, strides.</summary>
    RebuildTensor,
    /// <summary>torch._utils._rebuild_tensor_v2: the same, then whether it wants a gradient, and hooks.</summary>
    RebuildTensorV2,
    /// <summary>torch._utils._rebuild_parameter: a tensor, whether it wants a gradient, and hooks.</summary>
    RebuildParameter,
}
