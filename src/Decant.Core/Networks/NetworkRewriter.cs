namespace Decant.Core;

/// <summary>
/// A network in the making: nodes and weights of a network are replaced, inserted and removed, and
/// <see cref="ToNetwork"/> gives the result. The one place that makes names which nothing else in the network has.
/// </summary>
/// <remarks>
/// Nodes are told apart by reference. A weight that nodes read before, and none reads afterwards, is left out of the
/// result; one that no node ever read stays.
/// </remarks>
public sealed class NetworkRewriter
{
    private readonly Network network;
    private readonly LinkedList<Node> nodes = [];
    private readonly Dictionary<Node, LinkedListNode<Node>> places = [];
    private readonly Dictionary<string, Weight> weights = new(StringComparer.Ordinal);
    private readonly List<string> added = [];
    private readonly HashSet<string> removed = new(StringComparer.Ordinal);
    private readonly Lazy<UniqueNames> names;

    /// <summary>Starts from a network as it is.</summary>
    public NetworkRewriter(Network network)
    {
        this.network = network;
        foreach (Node node in network.Nodes)
            places.Add(node, nodes.AddLast(node));
        names = new(() => new UniqueNames(NamesOf(network)));
    }

    /// <summary>
    /// A name that no value, weight or node of the network has, nor has been given out before: the one wanted, or with
    /// a number between it and its suffix.
    /// </summary>
    /// <param name="wanted">The name, taken as it is if it is free.</param>
    /// <param name="suffix">What the name ends with, numbered or not.</param>
    public string UniqueName(string wanted, string suffix = "") => names.Value.Next(wanted, suffix);

    /// <summary>Adds a weight under a unique name near the one wanted.</summary>
    /// <param name="wanted">The name, taken as it is if it is free.</param>
    /// <param name="encoding">The weight.</param>
    /// <param name="suffix">What the name ends with, numbered or not.</param>
    /// <returns>The name that it got.</returns>
    public string AddWeight(string wanted, Encoding encoding, string suffix = "")
    {
        string name = UniqueName(wanted, suffix);
        weights[name] = new Weight(name, encoding);
        added.Add(name);
        return name;
    }

    /// <inheritdoc cref="AddWeight(string, Encoding, string)"/>
    public string AddWeight(string wanted, Tensor values, string suffix = "") =>
        AddWeight(wanted, new DenseEncoding(values), suffix);

    /// <summary>Replaces the encoding of a weight; every node that reads it reads the new one.</summary>
    /// <exception cref="ModelException">There is no such weight.</exception>
    public void SetWeight(string name, Encoding encoding)
    {
        Weight old = weights.TryGetValue(name, out Weight? changed) ? changed : network.Weights[name];
        weights[name] = old with { Encoding = encoding };
    }

    /// <summary>
    /// Gives one node's input a constant: under the old name if nothing else reads that, else under a unique one.
    /// </summary>
    /// <param name="node">A node of the original network; it may have been replaced meanwhile.</param>
    /// <param name="input">Which input; it may be left out in the node.</param>
    /// <param name="wanted">The name wanted for a new weight.</param>
    /// <param name="encoding">The constant.</param>
    /// <returns>The name of the weight, for the node's input.</returns>
    public string SetInput(Node node, int input, string wanted, Encoding encoding)
    {
        string old = node.Inputs.Length > input ? node.Inputs[input] : "";
        if (network.Graph.Uses(old) != 1 || network.Graph.IsOutput(old) || !network.Weights.TryGet(old, out _))
            return AddWeight(wanted, encoding);
        SetWeight(old, encoding);
        return old;
    }

    /// <summary>Takes a weight out, so that its name can be given to a node's output.</summary>
    public void RemoveWeight(string name) => removed.Add(name);

    /// <summary>Puts nodes in place of one, in order; none to leave it out.</summary>
    /// <exception cref="ArgumentException">The node is not there.</exception>
    public void Replace(Node node, params IEnumerable<Node> replacements)
    {
        LinkedListNode<Node> place = Place(node);
        places.Remove(node);
        foreach (Node replacement in replacements)
            places.Add(replacement, nodes.AddBefore(place, replacement));
        nodes.Remove(place);
    }

    /// <summary>Puts a weight in place of a node of one output; it has the output's name.</summary>
    /// <exception cref="ArgumentException">The node is not there.</exception>
    public void ReplaceByWeight(Node node, Encoding encoding)
    {
        Remove(node);
        string name = node.Outputs[0];
        weights[name] = new Weight(name, encoding);
        added.Add(name);
    }

    /// <summary>Leaves a node out.</summary>
    /// <exception cref="ArgumentException">The node is not there.</exception>
    public void Remove(Node node) => Replace(node);

    /// <summary>Puts nodes before all others, in order.</summary>
    public void InsertFirst(params IEnumerable<Node> inserted)
    {
        LinkedListNode<Node>? first = nodes.First;
        foreach (Node node in inserted)
            places.Add(node, first is null ? nodes.AddLast(node) : nodes.AddBefore(first, node));
    }

    /// <summary>Puts nodes right behind one, in order.</summary>
    /// <exception cref="ArgumentException">The node is not there.</exception>
    public void InsertAfter(Node node, params IEnumerable<Node> inserted)
    {
        LinkedListNode<Node> place = Place(node);
        foreach (Node next in inserted)
            places.Add(next, place = nodes.AddAfter(place, next));
    }

    /// <summary>Lets nodes that read a value read another.</summary>
    /// <param name="from">The value read so far.</param>
    /// <param name="to">The value read from now on.</param>
    /// <param name="who">Which nodes, as they are now; null for all.</param>
    public void Redirect(string from, string to, Func<Node, bool>? who = null)
    {
        for (LinkedListNode<Node>? place = nodes.First; place is not null; place = place.Next)
        {
            Node node = place.Value;
            if (!node.Inputs.Contains(from, StringComparer.Ordinal) || who?.Invoke(node) == false)
                continue;
            places.Remove(node);
            place.Value = node with { Inputs = [.. node.Inputs.Select(i => i == from ? to : i)] };
            places.Add(place.Value, place);
        }
    }

    /// <summary>
    /// Leaves out the node that makes a value: what makes that node's first input, which must have no other reader,
    /// makes the value.
    /// </summary>
    /// <param name="node">A node of the original network.</param>
    public void Bypass(Node node)
    {
        Node before = network.Graph.Producer(node.Inputs[0])!;
        string value = node.Outputs[0];
        Remove(node);
        Replace(before, before with { Outputs = [.. before.Outputs.Select(o => o == node.Inputs[0] ? value : o)] });
    }

    /// <summary>The network as it has become.</summary>
    /// <exception cref="ModelException">The nodes do not fit together: a name is read before it is made, made twice, or
    /// missing.</exception>
    public Network ToNetwork()
    {
        HashSet<string> read = [.. nodes.SelectMany(n => n.Inputs), .. network.Outputs.Select(o => o.Name)];
        bool IsKept(string weight) =>
            !removed.Contains(weight) && (read.Contains(weight) || network.Graph.Uses(weight) == 0);
        return new Network(
            network.Name,
            network.Inputs,
            network.Outputs,
            [.. nodes],
            [
                .. network.Weights.Where(w => IsKept(w.Name)).Select(w => weights.GetValueOrDefault(w.Name, w)),
                .. added.Where(read.Contains).Select(name => weights[name]),
            ],
            network.Metadata
        );
    }

    private LinkedListNode<Node> Place(Node node) =>
        places.TryGetValue(node, out LinkedListNode<Node>? place)
            ? place
            : throw new ArgumentException($"{node} is not part of the network that is rewritten", nameof(node));

    private static IEnumerable<string> NamesOf(Network network) =>
        network
            .Inputs.Select(i => i.Name)
            .Concat(network.Weights.Select(w => w.Name))
            .Concat(network.Nodes.SelectMany(n => n.Outputs.Append(n.Name)));
}
