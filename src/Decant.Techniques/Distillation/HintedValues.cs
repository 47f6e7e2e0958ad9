using Decant.Core;

namespace Decant.Techniques.Distillation;

/// <summary>Values between layers that student and teacher both have, under one name and in one shape.</summary>
internal static class HintedValues
{
    /// <summary>The first outputs of the nodes that patterns match, in the student's order.</summary>
    /// <exception cref="ModelException">A pattern matches none that both have; it is named.</exception>
    public static IReadOnlyList<string> Of(Network student, Network teacher, IReadOnlyList<string> patterns)
    {
        if (patterns.Count == 0) return [];
        NetworkShapes own = NetworkShapes.Of(student), taught = NetworkShapes.Of(teacher);
        Node[] both = [.. student.Nodes.Where(n => own[n.Outputs[0]] is { Shape: not null } type && type == taught[n.Outputs[0]])];
        foreach (string pattern in patterns)
            if (!both.Any(n => NamePattern.Matches(pattern, n.Name)))
                throw new ModelException($"hint '{pattern}' matches no node whose output network and teacher have in one shape; there are {string.Join(", ", both.Take(8).Select(n => n.Name))}{(both.Length > 8 ? ", …" : "")}");
        return [.. both.Where(n => patterns.Any(p => NamePattern.Matches(p, n.Name))).Select(n => n.Outputs[0])];
    }
}
