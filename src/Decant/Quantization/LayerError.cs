namespace Decant.Quantization;

/// <summary>What quantization does to one layer.</summary>
/// <param name="Layer">The layer's name.</param>
/// <param name="Weight">Its weight's name.</param>
/// <param name="Bits">Bits of the weight.</param>
/// <param name="Sqnr">Signal to quantization noise of the layer's output, everything quantized, in dB.</param>
/// <param name="AloneSqnr">The same of the network's output, this weight alone quantized, in dB: the least hurts most.</param>
public sealed record LayerError(string Layer, string Weight, int Bits, double Sqnr, double AloneSqnr);
