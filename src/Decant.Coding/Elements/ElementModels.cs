using Decant.Core;

namespace Decant.Coding;

/// <summary>
/// The element models of the dense weights that share a stream: one for each type, made when it is needed. A bit before
/// each weight says whether its type's model codes it.
/// </summary>
internal sealed class ElementModels(IReadOnlyList<WeightCodec> codecs)
{
    private readonly Dictionary<ElementType, ElementModel> models = [];
    private readonly RepeatedElements repeated = new();
    private uint taken = AdaptiveBit.Unseen;

    /// <summary>Codes a tensor if its elements are to be: reads it when encoding, else fills it in.</summary>
    /// <returns>Whether it is coded.</returns>
    public bool Code<T>(ref T coder, Tensor tensor, bool encode)
        where T : struct, IBinaryCoder
    {
        int take = encode && repeated.MayPay(tensor) ? 1 : 0;
        if (AdaptiveBit.Code(ref coder, take, ref taken, AdaptiveBit.MaxLimit) == 0)
            return false;
        if (!models.TryGetValue(tensor.Type, out ElementModel? model))
        {
            long elements = codecs.Where(c => c.Kind == WeightKind.Dense && c.Type == tensor.Type).Sum(c => c.Shape.Count);
            models[tensor.Type] = model = new ElementModel(tensor.Type, elements);
        }
        model.Code(ref coder, tensor, encode);
        return true;
    }
}
