namespace Decant.Core;

/// <summary>What makes a network well formed: each value is made once, before it is read.</summary>
internal static class NetworkRules
{
    public static void Check(Network network)
    {
        var made = new HashSet<string>(StringComparer.Ordinal);
        foreach (ValueInfo input in network.Inputs) Add(made, input.Name, "input");
        foreach (Weight weight in network.Weights) Add(made, weight.Name, "weight");
        foreach (Node node in network.Nodes) Check(node, made);
        foreach (ValueInfo output in network.Outputs)
            if (!made.Contains(output.Name)) throw new ModelException($"output '{output.Name}' is made by no node");
    }

    private static void Check(Node node, HashSet<string> made)
    {
        node.Operator.CheckCounts(node);
        foreach (string name in node.Inputs)
            if (name.Length > 0 && !made.Contains(name))
                throw new ModelException($"{node} reads '{name}', which nothing before it makes");
        foreach (string name in node.Outputs)
            if (name.Length > 0) Add(made, name, $"output of {node}");
    }

    private static void Add(HashSet<string> made, string name, string what)
    {
        if (name.Length == 0) throw new ModelException($"an {what} has no name");
        if (!made.Add(name)) throw new ModelException($"'{name}', {what}, is made twice");
    }
}
