using System.Formats.Tar;
using System.Net;
using System.Security.Cryptography;
using Decant.Core;
using Decant.Data;
using Xunit;

namespace Decant.Tests.Data.Download;

public sealed class DatasetDownloadTests : IDisposable
{
    private static readonly byte[] Body = [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * i >> 3))];

    private readonly TemporaryFolder folder = new();
    private readonly HttpClient client = new();

    public void Dispose()
    {
        client.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Fetches_once_reports_and_leaves_nothing_else()
    {
        using var server = new LoopbackServer(c => LoopbackServer.Send(c, Body));
        var reports = new Reports();
        string where = await new DatasetDownload(client).Get(Set(server, "a"), folder.Path, reports);
        Assert.Equal(folder["set"], where);
        Assert.Equal(Body, File.ReadAllBytes(folder["set/a"]));
        Assert.Equal([folder["set/a"]], Directory.GetFiles(where));
        Assert.Equal(new DownloadProgress("a", Body.Length, Body.Length), reports[^1]);
        await new DatasetDownload(client).Get(Set(server, "a"), folder.Path);
        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task A_damaged_file_in_place_is_fetched_anew()
    {
        using var server = new LoopbackServer(c => LoopbackServer.Send(c, Body));
        folder.Write("set/a", new byte[Body.Length]);
        await new DatasetDownload(client).Get(Set(server, "a"), folder.Path);
        Assert.Equal(Body, File.ReadAllBytes(folder["set/a"]));
    }

    [Fact]
    public async Task A_wrong_hash_is_refused_and_what_was_there_stays()
    {
        byte[] other = [.. Body];
        other[5] ^= 1;
        using var server = new LoopbackServer(c => LoopbackServer.Send(c, other));
        folder.Write("set/a", [1, 2, 3]);
        string said = await Refusal(Set(server, "a"));
        Assert.Contains("SHA-256 is " + Hash(other), said, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(folder["set/a"]));
        Assert.Single(Directory.GetFiles(folder["set"]));
    }

    [Fact]
    public async Task A_short_body_is_refused()
    {
        using var server = new LoopbackServer(c => Chunked(c, Body[..50_000]));
        Assert.Contains("only 50000 of 100000 bytes came", await Refusal(Set(server, "a")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_body_is_cut_off()
    {
        using var server = new LoopbackServer(c => Chunked(c, [.. Body, 1]));
        Assert.Contains("more than the 100000 bytes", await Refusal(Set(server, "a")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_length_is_refused_before_the_body()
    {
        using var server = new LoopbackServer(c => LoopbackServer.Send(c, Body[..10]));
        Assert.Contains("offers 10 bytes, not 100000", await Refusal(Set(server, "a")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_connection_is_refused()
    {
        using var server = new LoopbackServer(c => LoopbackServer.Send(c, Body[..50_000], promised: Body.Length));
        Assert.Contains("the connection broke after", await Refusal(Set(server, "a")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_next_address_is_tried_and_errors_name_every_one()
    {
        using var server = new LoopbackServer(c =>
            c.Request.RawUrl == "/good" ? LoopbackServer.Send(c, Body) : NotFound(c)
        );
        RemoteFile file = new("a", Body.Length, Hash(Body), [new(server.Address, "bad"), new(server.Address, "good")]);
        await new DatasetDownload(client).Get(new("set", [file], []), folder.Path);
        Assert.Equal(Body, File.ReadAllBytes(folder["set/a"]));
        string said = await Refusal(
            new("set2", [file with { Addresses = [new(server.Address, "bad"), new("http://127.0.0.1:1/none")] }], [])
        );
        Assert.Contains("/bad: the server answers 404", said, StringComparison.Ordinal);
        Assert.Contains("http://127.0.0.1:1/none: ", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_ends_it_and_leaves_nothing()
    {
        using var cancellation = new CancellationTokenSource();
        using var server = new LoopbackServer(async c =>
        {
            c.Response.ContentLength64 = Body.Length;
            await c.Response.OutputStream.WriteAsync(Body.AsMemory(0, 1000));
            await c.Response.OutputStream.FlushAsync();
        });
        var whenFirstArrive = new Reports(_ => cancellation.Cancel());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            new DatasetDownload(client).Get(Set(server, "a"), folder.Path, whenFirstArrive, cancellation.Token)
        );
        Assert.Empty(Directory.GetFiles(folder["set"]));
    }

    [Fact]
    public async Task An_archive_gives_its_members_and_goes_away()
    {
        byte[] archive = Archive(("dir/one.bin", Body[..700]), ("../evil", [6]), ("dir/two.bin", Body[..5]));
        using var server = new LoopbackServer(c => LoopbackServer.Send(c, archive));
        RemoteDataset set = new("set", [File_(server, "x.tar.gz", archive)], [("one.bin", 700), ("two.bin", 5)]);
        await new DatasetDownload(client).Get(set, folder.Path);
        Assert.Equal(Body[..700], File.ReadAllBytes(folder["set/one.bin"]));
        Assert.Equal(["one.bin", "two.bin"], Directory.GetFiles(folder["set"]).Select(Path.GetFileName).Order());
        Assert.False(File.Exists(folder["evil"]));
        await new DatasetDownload(client).Get(set, folder.Path);
        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task An_archive_without_its_members_is_refused()
    {
        byte[] archive = Archive(("one.bin", Body[..700])),
            cut = archive[..100];
        using var server = new LoopbackServer(c => LoopbackServer.Send(c, c.Request.RawUrl == "/cut" ? cut : archive));
        Task Get(string name, byte[] body, string member, long size) =>
            new DatasetDownload(client).Get(new("set", [File_(server, name, body)], [(member, size)]), folder.Path);
        Assert.Contains(
            "holds no two.bin",
            (await Assert.ThrowsAsync<FileFormatException>(() => Get("x", archive, "two.bin", 5))).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "700 bytes, not 5",
            (await Assert.ThrowsAsync<FileFormatException>(() => Get("x", archive, "one.bin", 5))).Message,
            StringComparison.Ordinal
        );
        await Assert.ThrowsAsync<FileFormatException>(() => Get("cut", cut, "one.bin", 700));
    }

    [DataFact("mnist")]
    public async Task The_catalogue_knows_the_published_files()
    {
        using var untouched = new HttpClient(new Forbidden());
        Assert.Equal(
            DataFactAttribute.PathOf("mnist"),
            await new DatasetDownload(untouched).Get(DatasetCatalogue.Get("mnist"), DataFactAttribute.PathOf(""))
        );
    }

    [Fact]
    public void An_unknown_set_lists_the_known_ones()
    {
        Assert.Contains(
            "mnist, cifar-10",
            Assert.Throws<DataException>(() => DatasetCatalogue.Get("imagenet")).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "built in",
            Assert.Throws<DataException>(() => DatasetCatalogue.Get("digits")).Message,
            StringComparison.Ordinal
        );
        Assert.All(DatasetCatalogue.All.SelectMany(s => s.Files), f => Assert.Matches("^[0-9a-f]{64}$", f.Sha256));
    }

    private static RemoteDataset Set(LoopbackServer server, string name) => new("set", [File_(server, name, Body)], []);

    private static RemoteFile File_(LoopbackServer server, string name, byte[] body) =>
        new(name, body.Length, Hash(body), [new(server.Address, name)]);

    private async Task<string> Refusal(RemoteDataset set) =>
        (await Assert.ThrowsAsync<DataException>(() => new DatasetDownload(client).Get(set, folder.Path))).Message;

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static Task NotFound(HttpListenerContext context)
    {
        context.Response.StatusCode = 404;
        context.Response.Close();
        return Task.CompletedTask;
    }

    private static async Task Chunked(HttpListenerContext context, byte[] body)
    {
        context.Response.SendChunked = true;
        await context.Response.OutputStream.WriteAsync(body);
        context.Response.Close();
    }

    private static byte[] Archive(params (string Name, byte[] Body)[] members)
    {
        var to = new MemoryStream();
        using (var tar = new TarWriter(to, TarEntryFormat.Ustar, leaveOpen: true))
            foreach (var (name, body) in members)
                tar.WriteEntry(
                    new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(body) }
                );
        return IdxFileTests.Gzip(to.ToArray());
    }

    private sealed class Reports(Action<DownloadProgress>? also = null)
        : List<DownloadProgress>,
            IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value)
        {
            Add(value);
            also?.Invoke(value);
        }
    }

    private sealed class Forbidden : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        ) => throw new InvalidOperationException("the network was used");
    }
}
