using Decant.Core;
using Decant.Core.Operators;
using Decant.Data;
using Decant.Pipelines;
using Decant.Runs;
using Decant.Techniques;
using Decant.Tests.Runs;
using Decant.Tests.Torch;
using Decant.Torch;
using Decant.Training;
using Decant.Zoo;
using Xunit;

namespace Decant.Tests.Techniques.Distillation;

[Collection("libtorch")]
public sealed class DistillationTests
{
    [TorchFact]
    public void ThePenaltyIsTheSoftenedCrossEntropyTimesTheSquareOfTheTemperature()
    {
        Network teacher = TinyRun.Network(2),
            student = TinyRun.Network(3);
        using TrainingHook hook = Options
            .Make("knowledge-distillation", ("temperature", "3"), ("teacher", "0.7"))
            .During(new TechniqueContext(student, []) { Reference = teacher })!;
        using var torch = new TrainingNetwork(student);
        using var scope = new TorchScope();
        TorchTensor images = Ops.Rand([5, 1, 7, 7]),
            labels = TorchTensor.From<long>([0, 1, 2, 3, 4], 5);
        TorchTensor outputs = torch.Forward(training: true, images)[0];
        double penalty = hook.Penalty(new TrainingStep(torch, images, labels, outputs, 0, 1))!.ToDouble();
        using var executor = new TorchExecutor(teacher);
        float[] taught = executor.Run([Tensor.Of(new Shape(5, 1, 7, 7), images.ToArray<float>())])[0].Array<float>(),
            own = outputs.ToArray<float>();
        double expected = Enumerable
            .Range(0, 5)
            .Average(i => Entropy(taught[(i * 10)..(i * 10 + 10)], own[(i * 10)..(i * 10 + 10)]));
        Assert.Equal(0.7 * 9 * expected, penalty, 4);
        Assert.Equal(0.1, hook.LabelWeight);
    }

    [TorchFact]
    public void ValuesAreLearnedAsTheyAreAndPaddingDoesNotCount()
    {
        Network teacher = Tokens(2),
            student = Tokens(3);
        using TrainingHook hook = Options
            .Make("knowledge-distillation", ("outputs", "values"), ("teacher", "0.5"), ("labels", "0"))
            .During(new TechniqueContext(student, []) { Reference = teacher })!;
        using var torch = new TrainingNetwork(student);
        using var scope = new TorchScope();
        long[] mask = [1, 1, 0, 1, 1, 1];
        TorchTensor tokens = Ops.Rand([2, 3, 4]);
        double penalty = hook.Penalty(
                    new TrainingStep(torch, tokens, null, torch.Forward(training: true, tokens)[0], 0, 1)
                    {
                        Mask = TorchTensor.From<long>(mask, 2, 3),
                    }
                )!
            .ToDouble();
        Tensor given = Tensor.Of(new Shape(2, 3, 4), tokens.ToArray<float>());
        float[] taught = Answer(teacher),
            own = Answer(student);
        double off = 0,
            all = 0;
        for (int i = 0; i < taught.Length; i++)
            if (mask[i / 5] == 1)
                (off, all) = (off + Math.Pow(own[i] - taught[i], 2), all + Math.Pow(taught[i], 2));
        Assert.Equal(0.5 * off / all, penalty, 4);

        float[] Answer(Network network)
        {
            using var executor = new TorchExecutor(network);
            return executor.Run([given])[0].Array<float>();
        }
    }

    /// <summary>A layer that makes five values of the four of each position.</summary>
    private static Network Tokens(ulong seed)
    {
        var random = Rng.For(seed, "tokens");
        float[] weight = [.. Enumerable.Range(0, 20).Select(_ => (float)random.NextDouble() - 0.5f)];
        TensorType Of(int values) =>
            new(Decant.Core.ElementType.Float32, new Shape(Shape.Unknown, Shape.Unknown, values));
        return new Network(
            "tokens",
            [new ValueInfo("x", Of(4))],
            [new ValueInfo("y", Of(5))],
            [new Node("product", new MatMul(Attributes.None), ["x", "w"], ["y"])],
            [new Weight("w", Tensor.Of(new Shape(4, 5), weight))]
        );
    }

    [TorchFact]
    public void AnotherNetworkTeachesOnItsOwnNormalization()
    {
        Preprocessing own = Preprocessing.Parse("scale=1/255;mean=0.3;std=0.5"),
            other = Preprocessing.Parse("scale=1/100;mean=1.2;std=0.7");
        Network start = TinyRun.Network(2),
            teacher = TinyRun.Network(5, hidden: 9),
            student = TinyRun.Network(3);
        using TrainingHook hook = Options
            .Make(
                "distillation",
                ("from", "teacher"),
                ("temperature", "3"),
                ("teacher", "1"),
                ("preprocessing", other.ToString())
            )
            .During(
                new TechniqueContext(student, [])
                {
                    Reference = start,
                    Teacher = new Teacher(teacher, null),
                    Data = TinyRun.Train,
                    Preprocessing = own,
                }
            )!;
        using var torch = new TrainingNetwork(student);
        using var scope = new TorchScope();
        TorchTensor images = Pixels(own).ToTorch(),
            outputs = torch.Forward(training: true, images)[0];
        double penalty = hook.Penalty(
                    new TrainingStep(torch, images, TorchTensor.From<long>([0, 1, 2, 3, 4], 5), outputs, 0, 1)
                )!
            .ToDouble();
        using var executor = new TorchExecutor(teacher);
        float[][] taught = [.. executor.Run([Pixels(other)])[0].Array<float>().Chunk(10)],
            learnt = [.. outputs.ToArray<float>().Chunk(10)];
        Assert.Equal(9 * taught.Zip(learnt, Entropy).Average(), penalty, 4);

        static Tensor Pixels(Preprocessing preprocessing)
        {
            var made = new float[5 * 49];
            for (int i = 0; i < 5; i++)
                preprocessing.Apply(
                    TinyRun.Train.Images.Span<byte>().Slice(i * 49, 49),
                    TinyRun.Train.ImageShape,
                    made.AsSpan(i * 49, 49)
                );
            return Tensor.Of(new Shape(5, 1, 7, 7), made);
        }
    }

    [TorchFact]
    public void ATeacherOfOtherClassesOrImagesIsNamed()
    {
        Network student = TinyRun.Network(3);
        Network Made(int classes, int side) =>
            new NetworkBuilder("other", 1, new Shape(Shape.Unknown, 1, side, side))
                .Flatten("flat")
                .Gemm("fc", classes)
                .Build();
        string Fail(Network teacher) =>
            Assert
                .ThrowsAny<DecantException>(() =>
                    Options
                        .Make("knowledge-distillation", ("from", "teacher"))
                        .During(
                            new TechniqueContext(student, [])
                            {
                                Teacher = new Teacher(teacher, null),
                                Data = TinyRun.Train,
                            }
                        )
                )
                .Message;
        Assert.Contains("the teacher 'other': it tells 12 classes apart and the network 10", Fail(Made(12, 7)));
        Assert.Contains(
            "it takes 2 axes and the network 4",
            Fail(new NetworkBuilder("flat", 1, new Shape(Shape.Unknown, 49)).Gemm("fc", 10).Build())
        );
        Assert.Contains("does not say its preprocessing, and the network's is scale=1;", Fail(Made(10, 7)));
        Assert.Contains(
            "needs another network",
            Assert
                .Throws<DecantException>(() =>
                    Options
                        .Make("knowledge-distillation", ("from", "teacher"))
                        .During(new TechniqueContext(student, []) { Reference = student })
                )
                .Message
        );
        Assert.Contains("the teacher 'other': small has images of 1×7×7", Fail(Made(10, 8)));
        Assert.Contains(
            "needs 'from: teacher'",
            Assert
                .ThrowsAny<DecantException>(() => Options.Make("knowledge-distillation", ("preprocessing", "scale=1")))
                .Message
        );
        Assert.Contains(
            "scale is 0",
            Assert
                .ThrowsAny<DecantException>(() =>
                    Options.Make("knowledge-distillation", ("from", "teacher"), ("preprocessing", "scale=0"))
                )
                .Message
        );
    }

    [TorchFact]
    public void HintsAddWhatValuesBetweenLayersDifferBy()
    {
        Network teacher = TinyRun.Network(2),
            student = TinyRun.Network(3);
        string[] names = [.. student.Nodes.Take(2).Select(n => n.Outputs[0])];
        var images = Tensor.Of(new Shape(2, 1, 7, 7), [.. Enumerable.Range(0, 98).Select(i => i % 11 / 11f)]);
        double Penalty(params (string, string)[] more)
        {
            using TrainingHook hook = Options
                .Make("knowledge-distillation", more)
                .During(new TechniqueContext(student, []) { Reference = teacher })!;
            using var torch = new TrainingNetwork(student);
            using var scope = new TorchScope();
            hook.Begin(torch);
            TorchTensor pixels = images.ToTorch(),
                outputs = torch.Forward(training: true, pixels)[0];
            return hook.Penalty(new TrainingStep(torch, pixels, TorchTensor.From<long>([0, 1], 2), outputs, 0, 1))!
                .ToDouble();
        }
        float[][] own = Values(student),
            taught = Values(teacher);
        double expected = own.Zip(taught, (s, t) =>
                s.Zip(t, (a, b) => (double)(a - b) * (a - b)).Sum() / t.Sum(b => (double)b * b)
            )
            .Average();
        double measured =
            Penalty(("hint", "2"), ("hints", $"{student.Nodes[0].Name}, {student.Nodes[1].Name}")) - Penalty();
        Assert.Equal(2 * expected, measured, 3);

        float[][] Values(Network network)
        {
            var type = new TensorType(Decant.Core.ElementType.Float32, null);
            using var executor = new TorchExecutor(
                new Network(
                    "all",
                    network.Inputs,
                    [.. names.Select(n => new ValueInfo(n, type))],
                    network.Nodes,
                    network.Weights
                )
            );
            return [.. executor.Run([images]).Select(v => v.Array<float>())];
        }
    }

    [TorchFact]
    public void AHintThatNothingMatchesIsNamed()
    {
        Network network = TinyRun.Network(2);
        using TrainingHook hook = Options
            .Make("knowledge-distillation", ("hints", "nowhere*"))
            .During(new TechniqueContext(network, []) { Reference = network })!;
        using var torch = new TrainingNetwork(network);
        Assert.Contains(
            "hint 'nowhere*' matches no node",
            Assert.Throws<ModelException>(() => hook.Begin(torch)).Message
        );
        Assert.Contains(
            "'hint' is the factor of 'hints'",
            Assert.ThrowsAny<DecantException>(() => Options.Make("knowledge-distillation", ("hint", "2"))).Message
        );
    }

    [TorchFact]
    public void AStudentComesToAnswerLikeTheNetworkThatTheRunBeganWith()
    {
        using TorchRun run = TorchRun.Begin(new TorchSettings { Threads = 1 });
        Network teacher = new Trainer(
            new TrainingOptions
            {
                Epochs = 20,
                BatchSize = 20,
                LearningRate = 0.02,
            },
            TinyRun.Train,
            Preprocessings.Default
        ).Train(TinyRun.Network());
        double cut = Distance(teacher, Compress(teacher, "prune", "")),
            taught = Distance(
                teacher,
                Compress(teacher, "prune, teach", ", epochs: 30, batch: 20, learning-rate: 0.01, mix-up: 1")
            );
        Assert.True(taught < 0.5 * cut, $"{taught} against {cut}");
    }

    private static Network Compress(Network network, string use, string training)
    {
        string teach = use.Contains("teach", StringComparison.Ordinal)
            ? "teach: {technique: knowledge-distillation, teacher: 1, labels: 0}"
            : "";
        string yaml = $$"""
            recipe: taught
            techniques:
              prune: {technique: weight-pruning, level: 0.6}
              {{teach}}
            stages:
              - {name: prune, use: [{{use}}]{{training}}}
            """;
        return new Compressor(Pipeline.Parse(yaml, "t.yaml"), TinyRun.Options(null)).Run(network, null).Network;
    }

    private static double Distance(Network teacher, Network student)
    {
        using var a = new TorchExecutor(teacher);
        using var b = new TorchExecutor(student);
        Tensor images = Tensor.Of(
            new Shape(100, 1, 7, 7),
            Array.ConvertAll(TinyRun.Test.Images.Array<byte>(), p => p / 255f)
        );
        float[] x = a.Run([images])[0].Array<float>(),
            y = b.Run([images])[0].Array<float>();
        return x.Chunk(10)
            .Zip(y.Chunk(10), (p, q) => Softmax(p).Zip(Softmax(q), (u, v) => Math.Abs(u - v)).Sum())
            .Average();
    }

    private static double Entropy(float[] teacher, float[] student)
    {
        double[] t = Softmax(teacher),
            s = Softmax(student);
        return -t.Zip(s, (p, q) => p * Math.Log(q)).Sum();
    }

    private static double[] Softmax(float[] x)
    {
        double[] e = [.. x.Select(v => Math.Exp(v / 3))];
        return [.. e.Select(v => v / e.Sum())];
    }
}
