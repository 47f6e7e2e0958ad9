namespace Decant.Speed;

/// <summary>One of those that are timed: a network ready to run, its inputs in place.</summary>
public interface IContender : IDisposable
{
    /// <summary>The executor's name.</summary>
    string Name { get; }

    /// <summary>Computes once. This is what is timed: nothing is copied in or out that the executor does not need.</summary>
    void Run();

    /// <summary>The first output of the last run.</summary>
    float[] Answer();
}
