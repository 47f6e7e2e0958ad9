using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Formats.Onnx.Import.Composed;

/// <summary>
/// ONNX Einsum as products of matrices: the operands are joined two at a time, each time the labels that both have and
/// nothing later needs are summed over by MatMul.
/// </summary>
internal sealed class Einsum
{
    private const string Ellipsis = "...";

    // Labels of axes that an ellipsis stands for, which no equation can name.
    private const char FirstHidden = '\uE000';

    private readonly Lowering l;
    private readonly Dictionary<char, long?> extents = [];

    private Einsum(Lowering lowering) => l = lowering;

    /// <summary>An operand, or what some of them came to: a value, and the label of each of its axes.</summary>
    private readonly record struct Term(string Value, string Labels);

    /// <exception cref="ModelException">The equation is not well formed, takes a diagonal, or extents that it depends
    /// on are not known.</exception>
    public static void Lower(Lowering lowering) => new Einsum(lowering).Lower();

    private void Lower()
    {
        l.Node.Attributes.EnsureOnly("equation");
        string equation = l.Node.Attributes.Text("equation", "").Replace(" ", "", StringComparison.Ordinal);
        string[] sides = equation.Split("->"),
            inputs = sides[0].Split(',');
        if (sides.Length > 2 || inputs.Length != l.Node.Inputs.Length)
            throw new ModelException($"its equation '{equation}' is not one of {l.Node.Inputs.Length} operands");
        var terms = new List<Term>();
        int hidden = 0;
        for (int i = 0; i < inputs.Length; i++)
        {
            string labels = Labels(inputs[i], i, equation, ref hidden);
            terms.Add(new Term(l.Node.Input(i), labels));
        }
        string output = sides.Length == 2 ? Shown(sides[1], hidden) : Implied(terms, hidden);
        if (output.Distinct().Count() != output.Length || output.Any(c => !terms.Any(t => t.Labels.Contains(c))))
            throw new ModelException($"its equation '{equation}' makes an axis that no operand has, or has one twice");
        while (terms.Count > 1)
        {
            (Term a, Term b) = (terms[0], terms[1]);
            terms.RemoveRange(0, 2);
            terms.Insert(0, Product(a, b, [.. output, .. terms.SelectMany(t => t.Labels)]));
        }
        Term whole = Summed(terms[0], [.. output]);
        string result = Permuted(whole, output);
        l.Finish(result == l.Node.Input(0) ? l.Make("Identity", result) : result);
    }

    private string Labels(string text, int input, string equation, ref int hidden)
    {
        int rank = l.Rank(input),
            dots = text.IndexOf(Ellipsis, StringComparison.Ordinal),
            named = dots < 0 ? text.Length : text.Length - Ellipsis.Length,
            free = rank - named;
        if (free < 0 || dots < 0 && free > 0)
            throw new ModelException($"its equation '{equation}' gives operand {input} {named} axes; it has {rank}");
        string labels = dots < 0 ? text : text[..dots] + Hidden(free) + text[(dots + Ellipsis.Length)..];
        if (labels.Any(c => !char.IsAsciiLetter(c) && c < FirstHidden))
            throw new ModelException($"its equation '{equation}' has labels that are no letters");
        if (labels.Distinct().Count() != labels.Length)
            throw new ModelException($"its equation '{equation}' takes a diagonal, which is not supported");
        hidden = Math.Max(hidden, dots < 0 ? 0 : free);
        for (int axis = 0; axis < rank; axis++)
        {
            long? extent = l.Extent(input, axis);
            if (!extents.TryGetValue(labels[axis], out long? before) || before is null or 1)
                extents[labels[axis]] = extent ?? before;
        }
        return labels;
    }

    /// <summary>Labels of so many axes, which are counted from the last.</summary>
    private static string Hidden(int count) =>
        string.Concat(Enumerable.Range(0, count).Select(i => (char)(FirstHidden + count - 1 - i)));

    private static string Shown(string output, int hidden) =>
        output.Replace(Ellipsis, Hidden(hidden), StringComparison.Ordinal);

    /// <summary>Without an arrow: the axes of the ellipsis, then the labels that occur once, sorted.</summary>
    private static string Implied(List<Term> terms, int hidden) =>
        Hidden(hidden)
        + string.Concat(
            terms
                .SelectMany(t => t.Labels)
                .Where(c => c < FirstHidden)
                .GroupBy(c => c)
                .Where(g => g.Count() == 1)
                .Select(g => g.Key)
                .Order()
        );

    private Term Product(Term a, Term b, HashSet<char> needed)
    {
        a = Summed(a, [.. needed, .. b.Labels]);
        b = Summed(b, [.. needed, .. a.Labels]);
        string batch = LabelsOf(a, c => b.Labels.Contains(c) && needed.Contains(c)),
            summed = LabelsOf(a, c => b.Labels.Contains(c) && !needed.Contains(c)),
            left = LabelsOf(a, c => !b.Labels.Contains(c)),
            right = LabelsOf(b, c => !a.Labels.Contains(c));
        if (left.Length + right.Length + summed.Length == 0)
            return new Term(l.Make("Mul", Permuted(a, batch), Permuted(b, batch)), batch);
        // MatMul takes any number of axes before the last two of its first operand.
        if (batch.Length == 0 && summed.Length == 1 && right.Length == 1 && left.Length > 0)
            return new Term(l.Make("MatMul", Permuted(a, left + summed), Permuted(b, summed + right)), left + right);
        string product = l.Make(
            "MatMul",
            Joined(Permuted(a, batch + left + summed), batch, left, summed),
            Joined(Permuted(b, batch + summed + right), batch, summed, right)
        );
        return new Term(Parted(product, batch, left, right), batch + left + right);
    }

    private static string LabelsOf(Term term, Func<char, bool> holds) => string.Concat(term.Labels.Where(holds));

    private Term Summed(Term term, HashSet<char> needed)
    {
        long[] axes = [.. Enumerable.Range(0, term.Labels.Length).Where(i => !needed.Contains(term.Labels[i]))];
        return axes.Length == 0
            ? term
            : new Term(
                l.Make("ReduceSum", new Attributes(("keepdims", 0L)), term.Value, l.Numbers("axes", axes)),
                LabelsOf(term, needed.Contains)
            );
    }

    private string Permuted(Term term, string order)
    {
        if (term.Labels == order)
            return term.Value;
        ImmutableArray<long> permutation =
        [
            .. order.Select(c => (long)term.Labels.IndexOf(c, StringComparison.Ordinal)),
        ];
        return l.Make("Transpose", new Attributes(("perm", permutation)), term.Value);
    }

    /// <summary>A value with one axis for each of two groups of labels, after those of the batch.</summary>
    private string Joined(string value, string batch, string first, string second)
    {
        if (first.Length == 1 && second.Length == 1)
            return value;
        long[] shape = [.. batch.Select(_ => 0L), Extent(first), Extent(second)];
        // An extent that is not known is copied where it stays in its place.
        if (first.Length == 1 && shape[^2] < 0)
            shape[^2] = 0;
        return Reshaped(value, shape);
    }

    /// <summary>The product with an axis for each label again.</summary>
    private string Parted(string value, string batch, string first, string second)
    {
        if (first.Length == 1 && second.Length == 1)
            return value;
        long[] shape =
        [
            .. batch.Select(_ => 0L),
            .. first.Length == 1 ? [0L] : first.Select(c => extents[c] ?? -1),
            .. second.Select(c => extents[c] ?? -1),
        ];
        return Reshaped(value, shape);
    }

    private string Reshaped(string value, long[] shape)
    {
        if (shape.Count(e => e < 0) > 1)
            throw new ModelException("extents of its operands are not known: give the network's inputs their sizes");
        return l.Make("Reshape", value, l.Numbers("shape", shape));
    }

    private long Extent(string group)
    {
        long extent = 1;
        foreach (char label in group)
        {
            if (extents[label] is not { } known)
                return -1;
            extent = checked(extent * known);
        }
        return extent;
    }
}
