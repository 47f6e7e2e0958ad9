using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Formats.Onnx.Import.Composed;

/// <summary>
/// ONNX Attention, softmax(scale·Q·Kᵀ + mask)·V, as products of matrices. Q, K and V are heads B×H×S×D or B×S×H·D;
/// several heads of Q may share one of K and V.
/// </summary>
internal sealed class Attention
{
    private const int Q = 0,
        K = 1,
        V = 2,
        Mask = 3,
        PastKey = 4,
        PastValue = 5,
        Filled = 6;

    private readonly Lowering l;
    private readonly Attributes attributes;
    private readonly bool isFlat;
    private readonly long queryHeads,
        keyHeads,
        shown;
    private string someKey = "";

    private Attention(Lowering lowering)
    {
        l = lowering;
        attributes = l.Node.Attributes;
        attributes.EnsureOnly(
            "is_causal",
            "kv_num_heads",
            "q_num_heads",
            "qk_matmul_output_mode",
            "scale",
            "softcap",
            "softmax_precision"
        );
        l.EnsureCounts(3, 7, 4);
        int rank = l.Rank(Q);
        if (rank is not (3 or 4) || l.Rank(K) != rank || l.Rank(V) != rank)
            throw new ModelException(
                $"Q, K and V have {rank}, {l.Rank(K)} and {l.Rank(V)} axes; 3 each or 4 each are expected"
            );
        if (l.Has(PastKey) != l.Has(PastValue) || l.Has(PastKey) && l.Has(Filled))
            throw new ModelException("past_key and past_value come together, and without nonpad_kv_seqlen");
        isFlat = rank == 3;
        (queryHeads, keyHeads) = (Heads(Q, "q_num_heads"), Heads(K, "kv_num_heads"));
        if (queryHeads % keyHeads > 0)
            throw new ModelException($"{queryHeads} heads of Q cannot share {keyHeads} of K and V evenly");
        shown = attributes.Int("qk_matmul_output_mode", 0);
        if (shown is < 0 or > 3)
            throw new ModelException($"qk_matmul_output_mode is {shown}; 0 to 3 are possible");
    }

    /// <exception cref="ModelException">Attributes do not fit the inputs.</exception>
    public static void Lower(Lowering lowering) => new Attention(lowering).Lower();

    private void Lower()
    {
        string query = Split(Q, queryHeads),
            key = Continued(Split(K, keyHeads), PastKey),
            value = Continued(Split(V, keyHeads), PastValue);
        string scores = Product(l.Make("Mul", query, Scale()), Turned(key)),
            capped = Capped(scores),
            masked = Masked(capped, query, key),
            weights = Softmax(masked),
            heads = Product(weights, value);
        // A query that may read nothing gets 0, as in ONNX Runtime.
        if (someKey.Length > 0)
            heads = l.Make("Where", someKey, heads, l.Number("zero", 0));
        l.Finish(isFlat ? l.Reshaped(l.Transposed(heads, 0, 2, 1, 3), 0, 0, -1) : heads);
        Show(key, 1);
        Show(value, 2);
        Show(
            shown switch
            {
                0 => scores,
                1 => capped,
                2 => masked,
                _ => weights,
            },
            3
        );
    }

    /// <summary>Makes a value an output; one that has a name already is copied.</summary>
    private void Show(string value, int output)
    {
        if (l.Makes(output))
            l.Finish(l.Make("Identity", value), output);
    }

    private long Heads(int input, string attribute)
    {
        long stated = attributes.Int(attribute, 0);
        if (isFlat)
            return stated > 0
                ? stated
                : throw new ModelException($"its inputs have 3 axes, and {attribute} is not given");
        long heads = l.Extent(input, 1) ?? stated;
        if (heads < 1 || stated > 0 && stated != heads)
            throw new ModelException(
                $"input {input} has {heads} heads, and {attribute} is {stated}: how many heads there are is not known"
            );
        return heads;
    }

    private string Split(int input, long heads) =>
        isFlat ? l.Transposed(l.Reshaped(l.Node.Input(input), 0, 0, heads, -1), 0, 2, 1, 3) : l.Node.Input(input);

    /// <summary>Kᵀ, B×H×D×T; of keys as they come in one step.</summary>
    private string Turned(string key) =>
        isFlat && !l.Has(PastKey)
            ? l.Transposed(l.Reshaped(l.Node.Input(K), 0, 0, keyHeads, -1), 0, 2, 3, 1)
            : l.Transposed(key, 0, 1, 3, 2);

    private string Continued(string part, int past) => l.Has(past) ? l.Joined(2, l.Node.Input(past), part) : part;

    /// <summary>What scores are multiplied by: as stated, or 1/√D.</summary>
    private string Scale()
    {
        if (attributes.Has("scale"))
            return l.Number("scale", attributes.Float("scale", 1));
        if (l.Extent(Q, isFlat ? 2 : 3) is { } width)
            return l.Number("scale", 1 / Math.Sqrt(isFlat ? width / queryHeads : width));
        string size = l.Cast(l.ExtentOf(l.Node.Input(Q), isFlat ? 2 : 3), l.Type(Q));
        if (isFlat)
            size = l.Make("Div", size, l.Number("heads", queryHeads));
        return l.Make("Reciprocal", l.Make("Sqrt", size));
    }

    /// <summary>
    /// A product of heads B×H×S×n with matrices of which some heads may share one: those lie one above the other.
    /// </summary>
    private string Product(string left, string right) =>
        queryHeads == keyHeads
            ? l.Make("MatMul", left, right)
            : l.Reshaped(l.Make("MatMul", l.Reshaped(left, 0, keyHeads, -1, 0), right), 0, queryHeads, -1, 0);

    private string Capped(string scores)
    {
        float cap = attributes.Float("softcap", 0);
        if (cap < 0)
            throw new ModelException($"softcap is {cap}; 0 or more is expected");
        if (cap == 0)
            return scores;
        string number = l.Number("cap", cap);
        return l.Make("Mul", l.Make("Tanh", l.Make("Div", scores, number)), number);
    }

    private string Masked(string scores, string query, string key)
    {
        ImmutableArray<string> rules = [];
        if (attributes.Flag("is_causal"))
            rules = rules.Add(Causal(query, key));
        else if (l.Has(Filled))
            rules = rules.Add(IsFilled(key));
        if (l.Has(Mask) && l.Type(Mask) == ElementType.Bool)
            rules = rules.Add(Padded(key, l.Weight("no", Tensor.Scalar(false))));
        string never = l.Number("never", double.NegativeInfinity);
        if (l.Has(Mask) && l.Type(Mask) != ElementType.Bool)
        {
            string mask = Padded(key, never);
            someKey = l.Make("Greater", Highest(mask), never);
            scores = l.Make("Add", scores, mask);
        }
        if (rules.Length == 0)
            return scores;
        string allowed = rules.Length == 1 ? rules[0] : l.Make("And", rules[0], rules[1]);
        if (l.Has(Mask) && l.Type(Mask) == ElementType.Bool || l.Has(Filled))
            someKey = l.Make("Greater", Highest(l.Cast(allowed, l.Type(Q))), l.Number("zero", 0));
        return l.Make("Where", allowed, scores, never);
    }

    private string Highest(string mask) =>
        l.Make("ReduceMax", new Attributes(("keepdims", 1L)), mask, l.Numbers("axis", -1));

    /// <summary>A mask of all keys: one that is shorter says nothing good of the keys after it.</summary>
    private string Padded(string key, string value)
    {
        string mask = l.Node.Input(Mask);
        int rank = l.Rank(Mask);
        if (rank is < 1 or > 4)
            throw new ModelException($"its mask has {rank} axes; 1 to 4 are expected");
        if (l.Extent(Mask, rank - 1) is not { } length || length == KeyLength())
            return mask;
        string missing = l.Make(
            "Sub",
            l.Make("Shape", new Attributes(("start", 2L), ("end", 3L)), key),
            l.Numbers("length", length)
        );
        return l.Make("Pad", mask, l.Joined(0, l.Numbers("none", new long[2 * rank - 1]), missing), value);
    }

    private long? KeyLength()
    {
        long? own = l.Extent(K, isFlat ? 1 : 2);
        return l.Has(PastKey) ? own + l.Extent(PastKey, 2) : own;
    }

    /// <summary>Where a key is no later than the query, S×T or B×1×S×T.</summary>
    private string Causal(string query, string key)
    {
        string rows = l.Widened(l.Counted(l.ExtentOf(query, 2)), 1),
            one = l.Weight("one", Tensor.Scalar(1L));
        // Queries follow what is in the cache.
        if (l.Has(PastKey))
            rows = l.Make("Add", rows, l.ExtentOf(l.Node.Input(PastKey), 2));
        else if (l.Has(Filled))
            rows = l.Make("Add", rows, l.Make("Sub", FilledRows(), l.ExtentOf(query, 2)));
        return l.Make("Less", l.Counted(l.ExtentOf(key, 2)), l.Make("Add", rows, one));
    }

    /// <summary>Where a key is one of those that the cache holds, B×1×1×T.</summary>
    private string IsFilled(string key) => l.Make("Less", l.Counted(l.ExtentOf(key, 2)), FilledRows());

    private string FilledRows() => l.Reshaped(l.Node.Input(Filled), -1, 1, 1, 1);

    private string Softmax(string scores)
    {
        var axis = new Attributes(("axis", -1L));
        return attributes.Int("softmax_precision", 1) == (long)ElementType.Float64
            ? l.Cast(l.Make("Softmax", axis, l.Cast(scores, ElementType.Float64)), l.Type(Q))
            : l.Make("Softmax", axis, scores);
    }
}
