using System.Collections.Immutable;

namespace Decant.Training.Data;

/// <summary>A data set that can be fetched.</summary>
/// <param name="Name">Its name, and its folder's.</param>
/// <param name="Files">What to fetch.</param>
/// <param name="Members">If the one file is a .tar.gz: the names and lengths of the members to unpack, wherever they lie in it. Empty if files are kept as they are.</param>
public sealed record RemoteDataset(string Name, ImmutableArray<RemoteFile> Files, ImmutableArray<(string Name, long Size)> Members)
{
    /// <summary>Bytes to fetch.</summary>
    public long Size => Files.Sum(f => f.Size);
}
