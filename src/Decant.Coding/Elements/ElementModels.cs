using Decant.Core;

namespace Decant.Coding;

/// <summary>
/// The element models of the dense weights that share a stream: one for each type, made when it is needed. A bit before
/// each weight says whether its type's model codes it.
/// </summary>
/// <param name="codecs">All weights of the stream.</param>
/// <param name="earlier">A tensor that both sides know, which the models learn from before; null for none.</param>
internal sealed class ElementModels(IReadOnlyList<WeightCodec> codecs, Tensor? earlier)
{
    private readonly Dictionary<ElementType, ElementModel> models = [];
    private readonly RepeatedElements repeated = new();
    private uint taken = AdaptiveBit.Unseen;

    /// <summary>Codes a tensor if its elements are to be: reads it when encoding, else fills it in.</summary>
    /// <returns>Whether it is coded.</returns>
    public bool Code<T>(ref T coder, Tensor tensor, bool encode)
        where T : struct, IBinaryCoder
    {
        int take = encode && (earlier is not null || repeated.MayPay(tensor, out _)) ? 1 : 0;
        if (AdaptiveBit.Code(ref coder, take, ref taken, AdaptiveBit.MaxLimit) == 0)
            return false;
        if (!models.TryGetValue(tensor.Type, out ElementModel? model))
            models[tensor.Type] = model = Make(tensor.Type);
        model.Code(ref coder, tensor, encode);
        return true;
    }

    private ElementModel Make(ElementType type)
    {
        bool learns = earlier is not null && earlier.Type == type;
        long elements = 0;
        foreach (WeightCodec codec in codecs)
            if (codec.Kind == WeightKind.Dense && codec.Type == type)
                elements += codec.Shape.Count;
        var model = new ElementModel(type, elements + (learns ? earlier!.Count : 0));
        var none = new NoCoder();
        if (learns)
            model.Code(ref none, earlier!, true);
        return model;
    }
}
