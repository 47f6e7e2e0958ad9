using Decant.Torch;

namespace Decant.Training.Operators;

/// <summary>Computes one node on libtorch; what its attributes decide is worked out once, before.</summary>
internal delegate TorchTensor TorchKernel(TorchInputs inputs);
