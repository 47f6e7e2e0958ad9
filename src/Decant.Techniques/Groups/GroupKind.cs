namespace Decant.Techniques.Groups;

/// <summary>What the numbers of a layer's weight are taken together by.</summary>
public enum GroupKind
{
    /// <summary>All that one neuron or filter computes with: a row of the matrix outputs × (inputs · kernel).</summary>
    Neuron,

    /// <summary>All that reads one input channel or input neuron.</summary>
    Channel,

    /// <summary>What one filter reads one channel with: a kernel of a convolution, a single number elsewhere.</summary>
    Kernel,

    /// <summary>All that reads one channel at one place of the kernel: a column of the matrix outputs × (inputs · kernel).</summary>
    Column,

    /// <summary>The whole weight.</summary>
    Layer,
}
