using Decant.Runtime.Memory;
using Decant.Runtime.Windows;

namespace Decant.Runtime.Stages;

/// <summary>A pooling layer of a plan.</summary>
/// <param name="Name">The node.</param>
/// <param name="Input">What it reads.</param>
/// <param name="Output">What it writes.</param>
/// <param name="Window">Its window.</param>
/// <param name="Mean">Whether it takes the mean; else the maximum.</param>
/// <param name="CountPadding">Whether padding counts in a mean.</param>
internal sealed record PoolLayer(string Name, ImageView Input, ImageView Output, ImageWindow Window, bool Mean, bool CountPadding);
