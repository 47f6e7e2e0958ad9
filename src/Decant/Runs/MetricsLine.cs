namespace Decant.Runs;

/// <summary>One line of metrics.jsonl.</summary>
/// <param name="Unit">The round's number over the whole run, from 0.</param>
/// <param name="Stage">The stage's name.</param>
/// <param name="Round">The round of the stage, from 1.</param>
/// <param name="Epoch">The epoch of the round, from 1.</param>
/// <param name="Loss">The mean training loss.</param>
/// <param name="LearningRate">The learning rate of the last step.</param>
/// <param name="HeldOut">The accuracy on held-out images; null if none are.</param>
/// <param name="Seconds">How long the epoch took.</param>
internal sealed record MetricsLine(int Unit, string Stage, int Round, int Epoch, double Loss, double LearningRate, double? HeldOut, double Seconds);
