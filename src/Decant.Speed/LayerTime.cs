namespace Decant.Speed;

/// <summary>What one layer of a run takes.</summary>
/// <param name="Name">The node's name.</param>
/// <param name="Operator">What it computes.</param>
/// <param name="Form">By which kernel.</param>
/// <param name="Milliseconds">The median over the runs that were profiled.</param>
/// <param name="Share">Its part of all layers' time, 0 to 1.</param>
/// <param name="Macs">Multiply-accumulates of one run.</param>
public sealed record LayerTime(string Name, string Operator, string Form, double Milliseconds, double Share, long Macs)
{
    /// <summary>Multiply-accumulates a second, in thousand millions.</summary>
    public double GigaMacs => Milliseconds > 0 ? Macs / Milliseconds / 1e6 : 0;
}
