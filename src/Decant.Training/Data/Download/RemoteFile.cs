using System.Collections.Immutable;

namespace Decant.Training.Data;

/// <summary>A file that can be fetched and checked.</summary>
/// <param name="Name">Its name in the data set's folder.</param>
/// <param name="Size">Its length in bytes.</param>
/// <param name="Sha256">Its SHA-256, 64 lower-case hexadecimal digits.</param>
/// <param name="Addresses">Where it lies, best first.</param>
public sealed record RemoteFile(string Name, long Size, string Sha256, ImmutableArray<Uri> Addresses);
