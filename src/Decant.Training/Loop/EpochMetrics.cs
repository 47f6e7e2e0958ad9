namespace Decant.Training;

/// <summary>What one epoch came to.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Epochs">How many there are in all.</param>
/// <param name="Loss">The mean of what is minimized: the loss on labels, with all that techniques add to it.</param>
/// <param name="LearningRate">The learning rate of its last step.</param>
/// <param name="Accuracy">The accuracy on held-out data, 0 to 1; null if none are held out.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record EpochMetrics(int Epoch, int Epochs, double Loss, double LearningRate, double? Accuracy, double Seconds);
