using Decant.Core;
using Decant.Data;
using Decant.Formats.Onnx;
using Decant.Runtime;
using Xunit;

namespace Decant.Tests.Data.Tasks;

public sealed class DetectionTests
{
    private const int Images = 12,
        Most = 4,
        Classes = 3;

    /// <summary>An object, or what is taken for one, in cells of a board.</summary>
    private sealed record Thing(int Image, int Class, int X, int Y, int Width, int Height, float Score)
    {
        public HashSet<(int, int)> Cells { get; } =
        [.. from x in Enumerable.Range(X, Width) from y in Enumerable.Range(Y, Height) select (x, y)];

        public float[] Corners => [X, Y, X + Width, Y + Height];

        public static double Overlap(Thing a, Thing b) =>
            (double)a.Cells.Intersect(b.Cells).Count() / a.Cells.Union(b.Cells).Count();
    }

    private static Thing[] Objects(Rng random) =>
        [
            .. from image in Enumerable.Range(0, Images)
            from _ in Enumerable.Range(0, random.Next(Most + 1))
            select new Thing(
                image,
                random.Next(Classes),
                random.Next(12),
                random.Next(12),
                3 + random.Next(6),
                3 + random.Next(6),
                1
            ),
        ];

    /// <summary>Objects moved a little, some missed, some made up; scores all differ.</summary>
    private static Thing[] Found(Rng random, Thing[] objects)
    {
        Thing[] moved =
        [
            .. objects
                .Where(_ => random.Next(5) > 0)
                .Select(o => new Thing(
                    o.Image,
                    o.Class,
                    o.X + random.Next(2),
                    o.Y,
                    o.Width,
                    o.Height + random.Next(3),
                    1
                )),
        ];
        Thing[] all = [.. moved, .. Objects(random).Take(Images)];
        int[] ranks = TaskFixtures.Shuffled(random, all.Length);
        return [.. all.Select((o, i) => o with { Score = 0.1f + 0.8f * ranks[i] / all.Length })];
    }

    private static (string, Tensor)[] Targets(Thing[] objects)
    {
        var boxes = new float[Images * Most * 4];
        long[] classes = [.. Enumerable.Repeat(-1L, Images * Most)];
        foreach (IGrouping<int, Thing> ofImage in objects.GroupBy(o => o.Image))
        foreach (var (at, o) in ofImage.Index())
        {
            o.Corners.CopyTo(boxes, (o.Image * Most + at) * 4);
            classes[o.Image * Most + at] = o.Class;
        }
        return
        [
            ("boxes", Tensor.Of(new Shape(Images, Most, 4), boxes)),
            ("classes", Tensor.Of(new Shape(Images, Most), classes)),
        ];
    }

    /// <summary>Rows of an image: corners, score, class; padded with zeros.</summary>
    private static float[][][] RowsOf(Thing[] found)
    {
        int most = Enumerable.Range(0, Images).Max(i => found.Count(f => f.Image == i));
        return
        [
            .. Enumerable
                .Range(0, Images)
                .Select(i =>
                    found
                        .Where(f => f.Image == i)
                        .Select(f => (float[])[.. f.Corners, f.Score, f.Class])
                        .Concat(Enumerable.Repeat(new float[6], most))
                        .Take(most)
                        .ToArray()
                ),
        ];
    }

    private static (string, Tensor)[] Outputs(Thing[] found)
    {
        float[][][] rows = RowsOf(found);
        return
        [
            ("rows", Tensor.Of(new Shape(Images, rows[0].Length, 6), [.. rows.SelectMany(i => i.SelectMany(r => r))])),
        ];
    }

    private static Score Evaluate(Thing[] found, Thing[] objects, DetectionOptions? options = null) =>
        TaskFixtures.Evaluate(new Detection(options), Outputs(found), Targets(objects));

    /// <summary>COCO's definition, from sets of cells: matched anew above each score.</summary>
    private static double Reference(Thing[] found, Thing[] objects, double least)
    {
        var each = new List<double>();
        foreach (int c in objects.Select(o => o.Class).Distinct())
        {
            Thing[] wanted = [.. objects.Where(o => o.Class == c)],
                all = [.. found.Where(f => f.Class == c)];
            (int Right, int Kept)[] points =
            [
                .. all.Select(threshold =>
                {
                    Thing[] kept = [.. all.Where(f => f.Score >= threshold.Score)];
                    return (Matched(kept, wanted, least), kept.Length);
                }),
            ];
            each.Add(
                Enumerable
                    .Range(0, 101)
                    .Average(r =>
                        points
                            .Where(p => p.Right * 100 >= r * wanted.Length)
                            .Select(p => p.Right / (double)p.Kept)
                            .DefaultIfEmpty(0)
                            .Max()
                    )
            );
        }
        return each.Average();
    }

    private static int Matched(Thing[] found, Thing[] wanted, double least)
    {
        List<Thing> free = [.. wanted];
        foreach (Thing f in found.OrderBy(f => -f.Score))
        {
            Thing? best = free.Where(o => o.Image == f.Image && Thing.Overlap(o, f) >= least)
                .MaxBy(o => Thing.Overlap(o, f));
            if (best is not null)
                free.RemoveAt(free.FindIndex(o => ReferenceEquals(o, best)));
        }
        return wanted.Length - free.Count;
    }

    [Fact]
    public void MeanAveragePrecisionIsThatOfItsDefinition()
    {
        var random = Rng.For(1, "detection");
        for (int trial = 0; trial < 10; trial++)
        {
            Thing[] objects = Objects(random),
                found = Found(random, objects);
            Score score = Evaluate(found, objects);
            Assert.Equal(["mAP@[.5:.95]", "mAP@50"], score.Values.Select(v => v.Name));
            double[] each =
            [
                .. new[] { 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95 }.Select(t =>
                    Reference(found, objects, t)
                ),
            ];
            Assert.Equal(each.Average(), score.Primary.Value, 9);
            Assert.Equal(each[0], score["mAP@50"], 9);
            Assert.InRange(score.Primary.Value, 0.01, 0.99);
            TaskFixtures.InvariantOf(new Detection(), Outputs(found), Targets(objects), random);
            Thing[] tied = [.. found.Select(f => f with { Score = MathF.Round(4 * f.Score) / 4 })];
            TaskFixtures.InvariantOf(new Detection(), Outputs(tied), Targets(objects), random);
        }
    }

    [Fact]
    public void WhatIsAllRightIsTheBestAndWhatIsAllWrongTheWorst()
    {
        Thing[] objects = Objects(Rng.For(2, "detection"));
        Assert.All(Evaluate(objects, objects).Values, v => Assert.Equal(1, v.Value, 12));
        Thing[] otherClass = [.. objects.Select(o => o with { Class = (o.Class + 1) % Classes + 10 })],
            elsewhere = [.. objects.Select(o => new Thing(o.Image, o.Class, o.X + 40, o.Y, o.Width, o.Height, 1))];
        Assert.All(Evaluate(otherClass, objects).Values, v => Assert.Equal(0, v.Value));
        Assert.All(Evaluate(elsewhere, objects).Values, v => Assert.Equal(0, v.Value));
        // A second detection of an object is wrong: with the same score, half of what is said is right.
        Assert.All(Evaluate([.. objects, .. objects], objects).Values, v => Assert.Equal(0.5, v.Value, 12));
    }

    /// <summary>The same detections in every layout have the same score.</summary>
    [Fact]
    public void LayoutsSayTheSame()
    {
        var random = Rng.For(3, "detection");
        Thing[] objects = Objects(random),
            found = Found(random, objects);
        float[][][] rows = RowsOf(found);
        int most = rows[0].Length;
        Score expected = Evaluate(found, objects);
        Tensor Of(Func<float[], int, IEnumerable<float>> row, params int[] shape) =>
            Tensor.Of(new Shape(shape), [.. rows.SelectMany((image, i) => image.SelectMany(r => row(r, i)))]);
        Tensor boxes = Of((r, _) => r[..4], Images, most, 4),
            centres = Of((r, _) => [(r[0] + r[2]) / 2, (r[1] + r[3]) / 2, r[2] - r[0], r[3] - r[1]], Images, most, 4),
            scores = Of((r, _) => [r[4]], Images, most),
            labels = Of((r, _) => [r[5]], Images, most),
            // A score for every class and one for the background, 0 but for that of the row.
            ofClasses = Of(
                (r, _) =>
                    Enumerable
                        .Range(-1, Classes + 1)
                        .Select(c =>
                            c == r[5] ? r[4]
                            : c < 0 ? 0.99f
                            : 0
                        ),
                Images,
                most,
                Classes + 1
            );
        var shifted = objects.Select(o => o with { Class = o.Class + 1 }).ToArray();
        var background = new DetectionOptions { Background = 0, IouThreshold = 1 };
        Score Scored(Thing[] wanted, DetectionOptions? options, params (string, Tensor)[] outputs) =>
            TaskFixtures.Evaluate(new Detection(options), outputs, Targets(wanted));
        Assert.Equal(expected, Scored(objects, null, ("scores", scores), ("boxes", boxes), ("labels", labels)));
        Tensor whole = Tensor.Of(labels.Shape, Array.ConvertAll(labels.Array<float>(), l => (long)l));
        Assert.Equal(expected, Scored(objects, null, ("a", boxes), ("b", whole), ("c", scores)));
        Assert.Equal(expected, Scored(shifted, background, ("scores", ofClasses), ("boxes", boxes)));
        Assert.Equal(
            expected.Primary.Value,
            Scored(
                shifted,
                background with
                {
                    Boxes = BoxFormat.Center,
                },
                ("0", centres),
                ("1", ofClasses)
            ).Primary.Value,
            6
        );
        // More boxes than values of one: images are padded with boxes that score nothing.
        int more = most + 20;
        IEnumerable<float[]> Padded(float[][] image) => image.Concat(Enumerable.Repeat(new float[6], 20));
        IEnumerable<float> Given(float[] r, float scale) =>
            Enumerable.Range(0, Classes).Select(c => c == r[5] ? scale * r[4] : 0);
        Tensor objectRows = Tensor.Of(
                new Shape(Images, more, 5 + Classes),
                [.. rows.SelectMany(i => Padded(i).SelectMany(r => (float[])[.. r[..4], 0.5f, .. Given(r, 2)]))]
            ),
            columns = Tensor.Of(
                new Shape(Images, 4 + Classes, more),
                [
                    .. rows.SelectMany(i =>
                        Enumerable
                            .Range(0, 4 + Classes)
                            .SelectMany(v => Padded(i).Select(r => v < 4 ? r[v] : Given(r, 1).ElementAt(v - 4)))
                    ),
                ]
            );
        var kept = new DetectionOptions { IouThreshold = 1 };
        Assert.Equal(expected, Scored(objects, kept, ("y", objectRows)));
        Assert.Equal(expected, Scored(objects, kept, ("y", columns)));
        Tensor sevens = Of((r, _) => [.. r[..4], 0.5f, 2 * r[4], r[5]], Images, most, 7);
        Assert.Equal(expected, Scored(objects, null, ("y", sevens)));
    }

    [Fact]
    public void RowsThatNameTheirImageNeedNoAxisOfImages()
    {
        Network network = TaskFixtures.Network(("y", ElementType.Float32, new Shape(-1, 7)));
        Network nested = TaskFixtures.Network(("y", ElementType.Float32, new Shape(1, 1, -1, 7)));
        Tensor boxes = Tensor.Of(new Shape(2, 1, 4), [0f, 0, 2, 2, 4, 4, 6, 6]),
            classes = Tensor.Of(new Shape(2, 1), [1, 2]);
        ArraySource data = TaskFixtures.Data(2, ("boxes", boxes), ("classes", classes));
        float[] rows = [1, 4, 4, 6, 6, 2, 0.9f, 0, 0, 0, 2, 2, 1, 0.8f, -1, 0, 0, 1, 1, 1, 0.9f],
            other = [1, 2, 0.9f, 4, 4, 6, 6, 0, 1, 0.8f, 0, 0, 2, 2];
        foreach (
            (Network of, Tensor said) in new[]
            {
                (network, Tensor.Of(new Shape(3, 7), rows)),
                (nested, Tensor.Of(new Shape(1, 1, 2, 7), other)),
            }
        )
        {
            using var executor = new Fixed(said);
            Assert.Equal(1, new Detection().Evaluate(of, executor, data, Preprocessing.None).Primary.Value);
        }
    }

    [Fact]
    public void ANetworkOfOneImageIsGivenOneAtATime()
    {
        Network network = TaskFixtures.Network(
            ("boxes", ElementType.Float32, new Shape(-1, 4)),
            ("labels", ElementType.Int64, new Shape(-1)),
            ("scores", ElementType.Float32, new Shape(-1))
        );
        ArraySource data = TaskFixtures.Data(
            3,
            (
                "boxes",
                Tensor.Of(
                    new Shape(3, 2, 4),
                    [.. Enumerable.Repeat<float[]>([0, 0, 2, 2, 4, 4, 6, 6], 3).SelectMany(b => b)]
                )
            ),
            ("classes", Tensor.Of(new Shape(3, 2), [1, 2, 1, 2, 1, -1]))
        );
        using var executor = new Fixed(
            Tensor.Of(new Shape(2, 4), [0f, 0, 2, 2, 4, 4, 6, 6]),
            Tensor.Vector(1L, 2),
            Tensor.Vector(0.9f, 0.8f)
        );
        // The third image has no object of class 2: of three that are found, two are there, and of one score.
        Score score = new Detection().Evaluate(network, executor, data, Preprocessing.None);
        Assert.Equal((1 + 2 / 3.0) / 2, score.Primary.Value, 12);
        Assert.Equal(3, executor.Runs);
    }

    /// <summary>By definition a box is kept unless one that is kept and scores higher overlaps it.</summary>
    [Fact]
    public void SuppressionKeepsWhatNothingBetterOverlaps()
    {
        var random = Rng.For(4, "detection");
        for (int trial = 0; trial < 50; trial++)
        {
            Thing[] all = [.. Found(random, Objects(random)).Select(t => t with { Image = 0 })];
            bool Kept(Thing t) =>
                !all.Any(o => o.Class == t.Class && o.Score > t.Score && Thing.Overlap(o, t) > 0.3 && Kept(o));
            List<DetectedObject> kept = NonMaximumSuppression.Kept(
                all.Select(t => new DetectedObject(Box.Of(t.Corners, BoxFormat.Corners), t.Class, t.Score)),
                0.3
            );
            Assert.Equal(all.Where(Kept).Select(t => t.Score).Order(), kept.Select(k => k.Score).Order());
        }
    }

    [Fact]
    public void TheLowestScoresAreDropped()
    {
        Thing[] objects = Objects(Rng.For(5, "detection"));
        Thing[] found = [.. objects.Select((o, i) => o with { Score = 0.2f + i / 1000f })];
        Assert.Equal(0, Evaluate(found, objects, new() { ScoreThreshold = 0.9 }).Primary.Value);
        Thing[] one = [.. found.GroupBy(f => f.Image).Select(g => g.MaxBy(f => f.Score)!)];
        Assert.Equal(Evaluate(one, objects), Evaluate(found, objects, new() { MostDetections = 1 }));
    }

    [Fact]
    public void OtherOutputsAndTargetsAreRefused()
    {
        Network network = TaskFixtures.Network(("y", ElementType.Float32, new Shape(-1, 10)));
        (string, Tensor)[] targets = Targets(Objects(Rng.For(6, "detection")));
        Assert.Contains(
            "detection needs boxes N×B×4 and scores N×B×classes; or",
            TaskFixtures.Refusal(new Detection(), network, TaskFixtures.Data(Images, targets))
        );
        string refusal = TaskFixtures.Refusal(new Detection(), network, TaskFixtures.Data(Images, targets[0]));
        Assert.Contains("detection needs 'boxes', floats N×objects×4, and 'classes', integers N×objects", refusal);
        Assert.EndsWith("; outputs and targets fit fidelity to another network", refusal);
        (string, Tensor)[] scores =
        [
            ("boxes", Tensor.Zeros(ElementType.Float32, new Shape(1, 2, 4))),
            ("scores", Tensor.Zeros(ElementType.Float32, new Shape(1, 2, 3))),
        ];
        string OfClass(int c) =>
            Assert
                .Throws<DataException>(() =>
                    TaskFixtures.Evaluate(
                        new Detection(new DetectionOptions { Background = 0 }),
                        scores,
                        [
                            ("boxes", Tensor.Zeros(ElementType.Float32, new Shape(1, 1, 4))),
                            ("classes", Tensor.Of(new Shape(1, 1), [c])),
                        ]
                    )
                )
                .Message;
        Assert.StartsWith("a target of detection has class 0, which is the background", OfClass(0));
        Assert.StartsWith("a target of detection has class 3, which is outside 0..2", OfClass(3));
        Assert.Contains(
            "no image has an object",
            Assert.Throws<DataException>(() => Evaluate(Objects(Rng.For(7, "detection")), [])).Message
        );
    }

    /// <summary>
    /// The layout of a published detector is known. By the faces that it finds itself it is all right, and with weights
    /// of 6 bits it finds most of them.
    /// </summary>
    [DataFact("models-wild/ultraface-rfb-320.onnx", "imagenet/val-260.npz")]
    public void APublishedDetectorIsScored()
    {
        Network network = OnnxReader.Read(DataFactAttribute.PathOf("models-wild/ultraface-rfb-320.onnx"));
        var pixels = Preprocessing.Parse("scale=1/128; mean=0.9921875");
        var options = new DetectionOptions { Background = 0, ScoreThreshold = 0.5 };
        IDataSource photos = Datasets
            .Open(
                DataFactAttribute.PathOf("imagenet/val-260.npz"),
                DataRoot.Resolve(null),
                DatasetPart.Test,
                new DatasetOptions
                {
                    Images = new ImageOptions { Sizing = ImageSizing.None with { Size = new(240, 320) } },
                }
            )
            .First(16);
        DetectionLayout layout = DetectionLayout.Of(network)!;
        Assert.Equal(new DetectionLayout(DetectionKind.ClassScores, 1, 0), layout);
        using InferenceSession session = new InferenceModel(network).CreateSession();
        IDataSource faces = WithFound(network, session, photos, pixels, new DetectionOutputs(layout, options));
        Assert.IsType<Detection>(LearningTasks.For(network, faces));
        var task = new Detection(options);
        Assert.Equal(1, task.Evaluate(network, session, faces, pixels).Primary.Value, 12);
        Network rounded = network.With(
            network
                .Weights.Where(w => w.Encoding.Shape.Rank == 4)
                .ToDictionary(w => w.Name, w => (Encoding)Rounded(w.Encoding), StringComparer.Ordinal)
        );
        using InferenceSession other = new InferenceModel(rounded).CreateSession();
        Score score = task.Evaluate(rounded, other, faces, pixels);
        Assert.InRange(score["mAP@50"], 0.5, 1);
        Assert.InRange(score.Primary.Value, 0.3, 0.99);
    }

    /// <summary>The weight with 6 bits, by its largest element.</summary>
    private static DenseEncoding Rounded(Encoding weight)
    {
        float[] values = weight.Decode().Array<float>();
        float scale = values.Max(Math.Abs) / 31;
        return new DenseEncoding(
            Tensor.Of(weight.Shape, Array.ConvertAll(values, v => MathF.Round(v / scale) * scale))
        );
    }

    /// <summary>The source with what a network finds in it as targets.</summary>
    private static TargetedSource WithFound(
        Network network,
        InferenceSession executor,
        IDataSource images,
        Preprocessing pixels,
        DetectionOutputs outputs
    )
    {
        IReadOnlyList<DetectedObject>[] found =
        [
            .. NetworkFeed
                .Of(network, images, pixels)
                .Batches(1)
                .SelectMany(b => outputs.Read(new ScoredBatch(1, executor.Run(b.Inputs), []))),
        ];
        int most = found.Max(f => f.Count);
        Assert.True(most > 0);
        Box[] boxes = new Box[found.Length * most];
        long[] classes = [.. Enumerable.Repeat(-1L, found.Length * most)];
        foreach (var (image, objects) in found.Index())
        foreach (var (at, o) in objects.Index())
            (boxes[image * most + at], classes[image * most + at]) = (o.Box, o.Class);
        float[] corners = [.. boxes.SelectMany(b => (float[])[b.Left, b.Top, b.Right, b.Bottom])];
        return new TargetedSource(
            images,
            [
                new TargetRows("boxes", Tensor.Of(new Shape(found.Length, most, 4), corners)),
                new TargetRows("classes", Tensor.Of(new Shape(found.Length, most), classes)),
            ]
        );
    }

    private sealed class Fixed(params Tensor[] outputs) : IExecutor
    {
        public int Runs { get; private set; }

        public string Name => "fixed";

        public IReadOnlyList<Tensor> Run(IReadOnlyList<Tensor> inputs, CancellationToken cancellation = default)
        {
            Runs++;
            return outputs;
        }

        public void Dispose() { }
    }
}
