using Decant.Core;
using Decant.Runtime;
using Xunit;

namespace Decant.Tests.Formats.Onnx;

/// <summary>
/// Random graphs in each other compute what a flat network computes in which every branch that is taken and every
/// iteration is written out.
/// </summary>
public sealed class ControlFlowPropertyTests
{
    private static readonly ElementType Bool = ElementType.Bool,
        Int64 = ElementType.Int64;

    [Fact]
    public void NestedGraphsAreTheirNodesWrittenOut()
    {
        int loops = 0,
            branches = 0;
        for (ulong seed = 1; seed <= 150; seed++)
        {
            var models = new Random(seed);
            models.Build();
            (loops, branches) = (loops + models.Loops, branches + models.Branches);
            Network nested = models.Nested.Read(),
                flat = models.Flat.Read();
            using var expected = new ReferenceExecutor(flat);
            using var plain = new ReferenceExecutor(nested);
            using InferenceSession planned = new InferenceModel(nested).CreateSession(),
                decoded = new InferenceModel(ControlFlowTests.Container(nested)).CreateSession();
            Tensor x = Tensor.Vector(0.5f, -1, 0.25f);
            IReadOnlyList<Tensor> right = expected.Run([x]);
            Tensor[] fed = [x, .. models.Conditions.Select(c => Tensor.Of(Shape.Scalar, [c]))];
            foreach (IExecutor executor in new IExecutor[] { plain, planned, decoded })
                ControlFlowTests.Same(right, executor.Run(fed), 1e-4);
        }
        Assert.InRange(loops, 100, int.MaxValue);
        Assert.InRange(branches, 100, int.MaxValue);
    }

    /// <summary>Writes one computation twice: with graphs, and flat.</summary>
    private sealed class Random(ulong seed)
    {
        private readonly Rng rng = new(seed);
        private int names;

        public OnnxModelBuilder Nested { get; } = new OnnxModelBuilder().Input("x", 3);

        public OnnxModelBuilder Flat { get; } = new OnnxModelBuilder().Input("x", 3);

        /// <summary>What the inputs that decide are.</summary>
        public bool[] Conditions { get; } = [seed % 2 == 0, seed % 3 == 0];

        public int Loops { get; private set; }

        public int Branches { get; private set; }

        public void Build()
        {
            Nested.Input("c0", Bool).Input("c1", Bool).Weight("yes", Tensor.Of(Shape.Scalar, [true]));
            Nested.Weight("zeros", Tensor.Vector(0f, 0, 0));
            Step[] steps = Steps(3, ["x"], out string result);
            Write(Nested, steps);
            Nested.Node("Identity", result, "y").Output("y", 3);
            var values = new Dictionary<string, string> { ["x"] = "x" };
            WriteFlat(steps, values);
            Flat.Node("Identity", values[result], "y").Output("y", 3);
        }

        private Step[] Steps(int depth, List<string> seen, out string result)
        {
            var steps = new List<Step>();
            for (int count = 1 + rng.Next(3); count > 0; count--)
            {
                string name = $"v{names++}";
                int kind = depth == 0 ? 0 : rng.Next(3);
                Step step = new(name, kind, Any(seen), Any(seen), rng.Next(4));
                if (kind > 0)
                {
                    string state = $"s{names++}",
                        at = $"i{names++}";
                    List<string> inner = kind == 1 ? [.. seen] : [.. seen, state, at];
                    step = step with { State = state, At = at, First = Steps(depth - 1, inner, out string first) };
                    step = step with { FirstResult = first };
                    if (kind == 1)
                    {
                        step = step with { Second = Steps(depth - 1, [.. seen], out string second) };
                        step = step with { SecondResult = second };
                    }
                }
                steps.Add(step);
                seen.Add(name);
                if (kind == 2)
                    seen.Add(name + "sum");
            }
            result = seen[^1];
            return [.. steps];
        }

        private string Any(List<string> seen) => seen[rng.Next(seen.Count)];

        private static string Operator(Step step) => ((string[])["Add", "Sub", "Mul", "Max"])[step.Number];

        private void Write(OnnxModelBuilder graph, Step[] steps)
        {
            foreach (Step step in steps)
                if (step.Kind == 0)
                    graph
                        .Node(Operator(step), $"{step.A} {step.B}", step.Name + "a")
                        .Node("Tanh", step.Name + "a", step.Name);
                else if (step.Kind == 1)
                    WriteBranches(graph, step);
                else
                    WriteLoop(graph, step);
        }

        private void WriteBranches(OnnxModelBuilder graph, Step step)
        {
            Branches++;
            OnnxModelBuilder Branch(Step[] steps, string result, string output)
            {
                var branch = new OnnxModelBuilder();
                Write(branch, steps);
                return branch.Node("Identity", result, output).Output(output, 3);
            }
            graph.Node(
                "If",
                $"c{step.Number % 2}",
                step.Name,
                ("then_branch", Branch(step.First, step.FirstResult, step.Name + "t")),
                ("else_branch", Branch(step.Second, step.SecondResult, step.Name + "e"))
            );
        }

        private void WriteLoop(OnnxModelBuilder graph, Step step)
        {
            Loops++;
            string name = step.Name;
            OnnxModelBuilder body = new OnnxModelBuilder()
                .Input(name + "n", Int64)
                .Input(name + "go", Bool)
                .Input(step.State, 3)
                .Node("Cast", name + "n", name + "f", ("to", 1L))
                .Node("Add", $"{name}f zeros", step.At);
            Write(body, step.First);
            body.Node("Add", $"{step.FirstResult} {step.State}", name + "b")
                .Node("Tanh", name + "b", name + "next")
                .Node("Mul", $"{name}next {step.At}", name + "product")
                .Node("Identity", name + "go", name + "on")
                .Output(name + "on", Bool)
                .Output(name + "next", 3)
                .Output(name + "product", 3);
            graph
                .Weight(name + "count", Tensor.Scalar((long)step.Number))
                .Ints(name + "axis", 0)
                .Node("Loop", $"{name}count yes {step.A}", $"{name} {name}all", ("body", body))
                .Node("ReduceSum", $"{name}all {name}axis", name + "sum", ("keepdims", 0L));
        }

        private void WriteFlat(Step[] steps, Dictionary<string, string> values)
        {
            foreach (Step step in steps)
                switch (step.Kind)
                {
                    case 0:
                        string made = Fresh();
                        Flat.Node(Operator(step), $"{values[step.A]} {values[step.B]}", made + "a");
                        Flat.Node("Tanh", made + "a", made);
                        values[step.Name] = made;
                        break;
                    case 1:
                        bool taken = Conditions[step.Number % 2];
                        WriteFlat(taken ? step.First : step.Second, values);
                        values[step.Name] = values[taken ? step.FirstResult : step.SecondResult];
                        break;
                    default:
                        WriteFlatLoop(step, values);
                        break;
                }
        }

        private void WriteFlatLoop(Step step, Dictionary<string, string> values)
        {
            string state = values[step.A],
                sum = Fresh();
            Flat.Weight(sum, Tensor.Vector(0f, 0, 0));
            for (int i = 0; i < step.Number; i++)
            {
                string at = Fresh(),
                    next = Fresh(),
                    more = Fresh();
                Flat.Weight(at, Tensor.Vector((float)i, i, i));
                (values[step.State], values[step.At]) = (state, at);
                WriteFlat(step.First, values);
                Flat.Node("Add", $"{values[step.FirstResult]} {state}", next + "b")
                    .Node("Tanh", next + "b", next)
                    .Node("Mul", $"{next} {at}", next + "p")
                    .Node("Add", $"{sum} {next}p", more);
                (state, sum) = (next, more);
            }
            (values[step.Name], values[step.Name + "sum"]) = (state, sum);
        }

        private string Fresh() => $"f{names++}";

        private sealed record Step(string Name, int Kind, string A, string B, int Number)
        {
            public string State { get; init; } = "";

            public string At { get; init; } = "";

            public Step[] First { get; init; } = [];

            public string FirstResult { get; init; } = "";

            public Step[] Second { get; init; } = [];

            public string SecondResult { get; init; } = "";
        }
    }
}
