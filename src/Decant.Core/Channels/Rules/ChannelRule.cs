namespace Decant.Core.Channels.Rules;

/// <summary>What an operator does with channels.</summary>
internal abstract class ChannelRule
{
    /// <summary>
    /// Sets the marks of the outputs, joins the marks of what is coupled, and fixes what cannot be cut.
    /// </summary>
    public abstract void Follow(NodeFlow flow);

    /// <summary>What the node becomes when channels are cut; its weights are cut elsewhere.</summary>
    public virtual IEnumerable<Node> Thin(NodeCut cut) => [cut.Node];
}
