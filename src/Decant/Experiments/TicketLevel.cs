namespace Decant.Experiments;

/// <summary>What one round of pruning came to.</summary>
/// <param name="Round">The round; 0 for the dense network.</param>
/// <param name="Left">The share of weights left.</param>
/// <param name="Ticket">From the original start.</param>
/// <param name="Fresh">The same mask from a fresh start; null where it was not tried.</param>
/// <param name="Signs">The same mask from the original signs with one size a layer; null where it was not tried.</param>
internal sealed record TicketLevel(int Round, double Left, TicketArm Ticket, TicketArm? Fresh, TicketArm? Signs);

/// <summary>One network trained.</summary>
/// <param name="Accuracy">On the test images, in percent.</param>
/// <param name="Early">On held-out images after the first epoch, in percent.</param>
internal sealed record TicketArm(double Accuracy, double Early);
