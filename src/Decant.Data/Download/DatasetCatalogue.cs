using System.Collections.Immutable;
using Decant.Core;

namespace Decant.Data;

/// <summary>The data sets that can be fetched, and where from: the publishers' own pages and public mirrors.</summary>
public static class DatasetCatalogue
{
    private static readonly string[] MnistMirrors =
    [
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
    ];

    /// <summary>All of them.</summary>
    public static ImmutableArray<RemoteDataset> All { get; } =
    [
        new(
            "mnist",
            [
                Mnist(
                    "train-images-idx3-ubyte.gz",
                    9_912_422,
                    "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"
                ),
                Mnist(
                    "train-labels-idx1-ubyte.gz",
                    28_881,
                    "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"
                ),
                Mnist(
                    "t10k-images-idx3-ubyte.gz",
                    1_648_877,
                    "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"
                ),
                Mnist(
                    "t10k-labels-idx1-ubyte.gz",
                    4_542,
                    "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"
                ),
            ],
            []
        ),
        new(
            "cifar-10",
            [
                new(
                    "cifar-10-binary.tar.gz",
                    170_052_171,
                    "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
                    [new("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz")]
                ),
            ],
            [
                .. Enumerable.Range(1, 5).Select(i => ($"data_batch_{i}.bin", 30_730_000L)),
                ("test_batch.bin", 30_730_000L),
            ]
        ),
    ];

    /// <summary>Whether a data set can be fetched.</summary>
    public static bool Has(string name) => All.Any(d => d.Name == name);

    /// <summary>The data set of a name.</summary>
    /// <exception cref="DataException">There is none; those there are are listed.</exception>
    public static RemoteDataset Get(string name) =>
        All.FirstOrDefault(d => d.Name == name)
        ?? throw new DataException(
            $"no data set '{name}' can be fetched; those that can are {string.Join(", ", All.Select(d => d.Name))}"
                + (name == "digits" ? " ('digits' is built in and needs no fetching)" : "")
        );

    private static RemoteFile Mnist(string name, long size, string hash) =>
        new(name, size, hash, [.. MnistMirrors.Select(m => new Uri(m + name))]);
}

/// <summary>A data set that can be fetched.</summary>
/// <param name="Name">Its name, and its folder's.</param>
/// <param name="Files">What to fetch.</param>
/// <param name="Members">If the one file is a .tar.gz: the names and lengths of the members to unpack, wherever they
/// lie in it. Empty if files are kept as they are.</param>
public sealed record RemoteDataset(
    string Name,
    ImmutableArray<RemoteFile> Files,
    ImmutableArray<(string Name, long Size)> Members
)
{
    /// <summary>Bytes to fetch.</summary>
    public long Size => Files.Sum(f => f.Size);
}

/// <summary>A file that can be fetched and checked.</summary>
/// <param name="Name">Its name in the data set's folder.</param>
/// <param name="Size">Its length in bytes.</param>
/// <param name="Sha256">Its SHA-256, 64 lower-case hexadecimal digits.</param>
/// <param name="Addresses">Where it lies, best first.</param>
public sealed record RemoteFile(string Name, long Size, string Sha256, ImmutableArray<Uri> Addresses);
