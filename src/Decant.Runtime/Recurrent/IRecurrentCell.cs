namespace Decant.Runtime.Recurrent;

/// <summary>What one step of a recurrent network computes in one direction.</summary>
internal interface IRecurrentCell
{
    /// <summary>Brings the states of all sequences that reach step <paramref name="t"/> one step on.</summary>
    void Step(RecurrentPass pass, int t);
}
