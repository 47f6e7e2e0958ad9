namespace Decant.Runs;

/// <summary>What decides a run's result: a run may be resumed only with the same.</summary>
/// <param name="Network">SHA-256 of the network that went in, as a container.</param>
/// <param name="Recipe">SHA-256 of the recipe.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Data">The training data, with the SHA-256 of its images and labels; empty if none.</param>
/// <param name="Preprocessing">The pixel arithmetic.</param>
/// <param name="Decant">Decant's version.</param>
/// <param name="LibTorch">libtorch's version and the kind of device; empty if the recipe does not train.</param>
/// <param name="Threads">Threads that libtorch used, which decide last bits; 0 if the recipe does not train.</param>
/// <param name="Teacher">SHA-256 of the network to learn from, as a container; empty if none.</param>
internal sealed record RunIdentity(
    string Network, string Recipe, ulong Seed, string Data, string Preprocessing, string Decant, string LibTorch, int Threads, string Teacher = "");
