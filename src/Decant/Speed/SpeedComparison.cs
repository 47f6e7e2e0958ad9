using Decant.Core;

namespace Decant.Speed;

/// <summary>How long a network takes beside another, both in the managed runtime on one thread, by turns.</summary>
public static class SpeedComparison
{
    // So much slower in three rounds of four is no chance.
    private const double Clearly = 1.1;

    private static readonly TurnOptions Quick = new()
    {
        Rounds = 7,
        Seconds = 0.25,
        WarmUp = 3,
        Rest = 1,
    };

    /// <summary>A network's time over another's, round by round, on random inputs of one example.</summary>
    /// <param name="network">The network.</param>
    /// <param name="other">What it is held against.</param>
    /// <param name="cancellation">Stops between turns.</param>
    /// <returns>Null where the shapes of inputs are not known, so that nothing can be run.</returns>
    public static Timing? Of(Network network, Network other, CancellationToken cancellation = default)
    {
        try
        {
            using var first = new RuntimeContender(network, batch: 1, threads: 1);
            using var second = new RuntimeContender(other, batch: 1, threads: 1);
            return Turns.Take([first, second], Quick, cancellation).Ratio(0, 1);
        }
        catch (ModelException)
        {
            return null;
        }
    }

    /// <summary>Whether a ratio of times says slower, beyond what rounds differ by: its lower quartile is over
    /// 1.1.</summary>
    public static bool IsSlower(Timing ratio) => ratio.Low > Clearly;

    /// <summary>A ratio of times for a person, such as 1.8x its time (1.7 to 1.9).</summary>
    public static string Text(Timing ratio) =>
        FormattableString.Invariant($"{ratio.Median:0.00}x its time ({ratio.Low:0.00} to {ratio.High:0.00})");
}
