using Decant.Coding;
using Decant.Core;
using Decant.Formats.Onnx;
using Decant.Reports;
using Decant.Runtime;
using Decant.Tests.Coding;
using Decant.Tests.Operators;

namespace Decant.Tests.Mutation;

/// <summary>What became of a damaged file.</summary>
internal enum Outcome
{
    /// <summary>It was refused when it was read.</summary>
    Unread,

    /// <summary>It was read, and both executors refused to run it.</summary>
    Refused,

    /// <summary>Both executors ran it.</summary>
    Ran,

    /// <summary>One executor ran it and the other did not.</summary>
    Split,
}

/// <summary>
/// Small models of every operator as ONNX files and as containers, damaged copies of them, and what becomes of those
/// when they are read, inspected, planned and run with little memory.
/// </summary>
internal sealed class MutatedModels
{
    /// <summary>The most bytes that values of a run may take.</summary>
    public const long MaxValueBytes = 16 << 20;

    private readonly List<byte[]> models = [];
    private readonly List<byte[]> containers = [];

    /// <summary>Writes the models of all operator seeds, their inputs fed or as weights.</summary>
    public MutatedModels()
    {
        foreach (OperatorSeed seed in OperatorSeeds.All)
        foreach (Placement placement in new[] { Placement.Fed, Placement.Weights })
        {
            Network network = SweepCase.Of(seed).First().Build(placement).Network;
            models.Add(Bytes(network, OnnxWriter.Write));
            containers.Add(Bytes(network, (n, stream) => DcntWriter.Write(n, stream)));
        }
    }

    /// <summary>How many files there are to damage.</summary>
    public int Originals => models.Count + containers.Count;

    /// <summary>A damaged copy of one of the files; one seed and place give the same bytes.</summary>
    public (byte[] Bytes, bool IsContainer) Damaged(ulong seed, long place)
    {
        int original = (int)(place % Originals);
        Rng rng = Rng.For(seed, "mutation", place);
        return original < models.Count
            ? (new Mutator(rng.NextBits()).Mutate(models[original]), false)
            : (
                ContainerMutation.Mutate(
                    containers[original - models.Count],
                    rng.NextBits(),
                    fixChecksums: rng.Next(8) != 0
                ),
                true
            );
    }

    /// <summary>Reads, inspects, plans and runs a file.</summary>
    /// <exception cref="Exception">Anything but a <see cref="DecantException"/> is a fault of Decant.</exception>
    public static Outcome Run(byte[] bytes, bool isContainer, CancellationToken cancellation)
    {
        Network network;
        IReadOnlyList<Tensor> inputs;
        try
        {
            network = isContainer ? ReadContainer(bytes) : OnnxReader.Read(new MemoryStream(bytes));
            NetworkReport.Of(network);
            inputs = Inputs(network);
        }
        catch (DecantException)
        {
            return Outcome.Unread;
        }
        bool loops = network.Nodes.Any(n => n.Operator is Decant.Core.Operators.Loop);
        bool plain = Runs(loops, () =>
            new ReferenceExecutor(network, threads: 1) { MaxValueBytes = MaxValueBytes }.Run(inputs, cancellation)
        );
        bool session = Runs(loops, () =>
        {
            using InferenceSession made = new InferenceModel(
                network,
                new InferenceOptions { MaxValueBytes = MaxValueBytes }
            ).CreateSession();
            made.Run(inputs, cancellation);
        });
        return plain != session ? Outcome.Split
            : plain ? Outcome.Ran
            : Outcome.Refused;
    }

    private static bool Runs(bool loops, Action run)
    {
        try
        {
            run();
            return true;
        }
        catch (DecantException e)
        {
            return string.IsNullOrWhiteSpace(e.Message) || e.Message.Contains('\n')
                ? throw new InvalidOperationException("a refusal is not one line", e)
                : false;
        }
        catch (OperationCanceledException) when (loops)
        {
            // A damaged count or condition may make a loop without end, which ends by being told to.
            return false;
        }
    }

    private static Network ReadContainer(byte[] bytes)
    {
        using DcntReader reader = DcntReader.Open(
            new MemoryStream(bytes),
            new DcntReadOptions { MaxDecodedBytes = 1 << 24 }
        );
        return reader.ReadNetwork();
    }

    /// <summary>Ones for each input; where it asks for many, none.</summary>
    private static IReadOnlyList<Tensor> Inputs(Network network) =>
        [
            .. network.Inputs.Select(i =>
            {
                Shape shape = i.Type.Shape is { } s
                    ? new Shape([.. s.Dims.Select(d => d < 0 ? 2 : d)])
                    : new Shape(1, 3, 4, 4);
                if (shape.Count > 1 << 20)
                    throw new ModelException($"the input {shape} is large");
                Tensor x = Tensor.Zeros(i.Type.Type == ElementType.Unknown ? ElementType.Float32 : i.Type.Type, shape);
                if (x.Type == ElementType.Float32)
                    x.Span<float>().Fill(1);
                return x;
            }),
        ];

    private static byte[] Bytes(Network network, Action<Network, Stream> write)
    {
        using var stream = new MemoryStream();
        write(network, stream);
        return stream.ToArray();
    }
}
