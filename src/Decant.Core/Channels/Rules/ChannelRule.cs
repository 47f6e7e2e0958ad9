using Decant.Core.Channels.Constants;

namespace Decant.Core.Channels.Rules;

/// <summary>How channels pass through an operator.</summary>
internal abstract class ChannelRule
{
    /// <summary>
    /// Sets the marks of the outputs, joins the marks of coupled channels, and fixes channels that cannot be pruned.
    /// </summary>
    public abstract void Follow(NodeFlow flow);

    /// <summary>What the node becomes when channels are pruned; its weights are sliced elsewhere.</summary>
    public virtual IEnumerable<Node> Thin(NodeCut cut) => [cut.Node];

    /// <summary>
    /// The channels of one output whose every element is one constant, whatever the network's input, each with the
    /// constant; channels of which that is not known are left out.
    /// </summary>
    public abstract Dictionary<int, double> Constants(NodeConstants node);
}
