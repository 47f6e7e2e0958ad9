namespace Decant.Core;

/// <summary>What a slice of a weight is to a channel.</summary>
public enum ChannelRole
{
    /// <summary>It makes the channel: a filter, a bias, a batch norm's scale. Set to zero, it adds nothing to it.</summary>
    Producer,
    /// <summary>It goes with the channel and is never set to zero: a running mean or variance, a divisor.</summary>
    Companion,
    /// <summary>A later layer reads the channel with it. Set to zero, the channel counts for nothing there.</summary>
    Consumer,
}
