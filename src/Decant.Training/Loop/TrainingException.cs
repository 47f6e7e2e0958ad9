using Decant.Core;

namespace Decant.Training;

/// <summary>Training went wrong: the loss is not a number any more. Epoch and step are named; the last checkpoint is good.</summary>
public sealed class TrainingException(string message) : DecantException(message);
