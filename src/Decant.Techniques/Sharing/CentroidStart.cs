namespace Decant.Techniques.Sharing;

/// <summary>How the shared numbers of a weight are found.</summary>
public enum CentroidStart
{
    /// <summary>The exact optimum of one-dimensional k-means, by dynamic programming.</summary>
    Exact,

    /// <summary>Lloyd's algorithm from numbers evenly spaced between the least and the largest (Han's choice).</summary>
    Linear,

    /// <summary>Lloyd's algorithm from evenly spaced quantiles.</summary>
    Density,

    /// <summary>Lloyd's algorithm from numbers drawn from the weight.</summary>
    Random,

    /// <summary>Powers of two, with either sign, and zero: not k-means.</summary>
    Powers,
}
