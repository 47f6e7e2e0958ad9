using System.Runtime.InteropServices;
using Decant.Core;

namespace Decant.OnnxRuntime.Interop;

/// <summary>
/// The functions of ONNX Runtime's C API that are used, by their places in its table (OrtApi of onnxruntime_c_api.h).
/// The table only ever grows at its end, so that places stay; all of these are in it since version 1.5. A handle is a
/// pointer; 0 is none.
/// </summary>
internal static unsafe class OrtApi
{
    // What GetApi is asked for: the table as of ONNX Runtime 1.16.
    private const uint Asked = 16;

    private const int GetErrorMessage = 2,
        CreateEnvironment = 3,
        CreateSession = 7,
        CreateSessionFromArray = 8,
        Run = 9,
        CreateSessionOptions = 10,
        SetExecutionMode = 13,
        SetOptimizationLevel = 23,
        SetIntraOpThreads = 24,
        SetInterOpThreads = 25,
        InputCount = 30,
        OutputCount = 31,
        InputTypeInfo = 33,
        OutputTypeInfo = 34,
        InputName = 36,
        OutputName = 37,
        CreateTensor = 49,
        TensorData = 51,
        CastToTensorInfo = 55,
        TensorInfoType = 60,
        TensorInfoRank = 61,
        TensorInfoDims = 62,
        TensorTypeAndShape = 65,
        CreateCpuMemoryInfo = 69,
        AllocatorFree = 76,
        DefaultAllocator = 78,
        ReleaseStatus = 93,
        RunWithBinding = 133,
        CreateIoBinding = 134,
        BindInput = 136,
        BindOutput = 137;

    private const int Fatal = 4,
        AllOptimizations = 99,
        Sequential = 0,
        DeviceAllocator = 0,
        DefaultMemory = 0;

    private static nint* Table => (nint*)OnnxRuntimeLibrary.Table;

    /// <summary>
    /// The table and the version behind OrtGetApiBase, whose own table is GetApi and GetVersionString; 0 if it is too
    /// old.
    /// </summary>
    public static (nint Table, string Version) Open(delegate* unmanaged<nint*> entry)
    {
        nint* start = entry();
        string version = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)start[1])()) ?? "";
        return (((delegate* unmanaged<uint, nint>)start[0])(Asked), version);
    }

    public static nint NewEnvironment()
    {
        nint made;
        fixed (byte* name = "decant\0"u8)
            Check(((delegate* unmanaged<int, byte*, nint*, nint>)Table[CreateEnvironment])(Fatal, name, &made));
        return made;
    }

    public static nint NewOptions(int threads)
    {
        nint made;
        Check(((delegate* unmanaged<nint*, nint>)Table[CreateSessionOptions])(&made));
        foreach (
            var (function, value) in new[]
            {
                (SetExecutionMode, Sequential),
                (SetOptimizationLevel, AllOptimizations),
                (SetIntraOpThreads, threads),
                (SetInterOpThreads, 1),
            }
        )
            Check(((delegate* unmanaged<nint, int, nint>)Table[function])(made, value));
        return made;
    }

    /// <summary>A session over a model in memory, which need not stay.</summary>
    public static nint NewSession(nint environment, ReadOnlySpan<byte> model, nint options)
    {
        nint made;
        fixed (byte* bytes = model)
            Check(
                ((delegate* unmanaged<nint, byte*, nuint, nint, nint*, nint>)Table[CreateSessionFromArray])(
                    environment,
                    bytes,
                    (nuint)model.Length,
                    options,
                    &made
                )
            );
        return made;
    }

    /// <summary>A session over a file.</summary>
    public static nint NewSession(nint environment, string path, nint options)
    {
        nint made,
            text = OperatingSystem.IsWindows()
                ? Marshal.StringToCoTaskMemUni(path)
                : Marshal.StringToCoTaskMemUTF8(path);
        try
        {
            Check(
                ((delegate* unmanaged<nint, nint, nint, nint*, nint>)Table[CreateSession])(
                    environment,
                    text,
                    options,
                    &made
                )
            );
        }
        finally
        {
            Marshal.FreeCoTaskMem(text);
        }
        return made;
    }

    /// <summary>The names and types of a session's inputs, or of its outputs.</summary>
    public static ValueInfo[] Values(nint session, bool inputs)
    {
        nuint count;
        Check(((delegate* unmanaged<nint, nuint*, nint>)Table[inputs ? InputCount : OutputCount])(session, &count));
        var values = new ValueInfo[count];
        for (nuint i = 0; i < count; i++)
            values[i] = new ValueInfo(
                NameOf(session, inputs ? InputName : OutputName, i),
                TypeOf(session, inputs ? InputTypeInfo : OutputTypeInfo, i)
            );
        return values;
    }

    /// <summary>A tensor over memory that stays the caller's and must not move.</summary>
    public static nint NewTensor(nint memory, void* data, nuint bytes, ReadOnlySpan<long> dims, ElementType type)
    {
        nint made;
        fixed (long* extents = dims)
            Check(
                ((delegate* unmanaged<nint, void*, nuint, long*, nuint, int, nint*, nint>)Table[CreateTensor])(
                    memory,
                    data,
                    bytes,
                    extents,
                    (nuint)dims.Length,
                    (int)type,
                    &made
                )
            );
        return made;
    }

    public static nint NewCpuMemory()
    {
        nint made;
        Check(
            ((delegate* unmanaged<int, int, nint*, nint>)Table[CreateCpuMemoryInfo])(
                DeviceAllocator,
                DefaultMemory,
                &made
            )
        );
        return made;
    }

    /// <summary>Runs once; outputs are made by ONNX Runtime.</summary>
    public static void RunOnce(
        nint session,
        nint* inputNames,
        nint* inputs,
        int inputCount,
        nint* outputNames,
        nint* outputs,
        int outputCount
    ) =>
        Check(
            ((delegate* unmanaged<nint, nint, nint*, nint*, nuint, nint*, nuint, nint*, nint>)Table[Run])(
                session,
                0,
                inputNames,
                inputs,
                (nuint)inputCount,
                outputNames,
                (nuint)outputCount,
                outputs
            )
        );

    public static void RunBound(nint session, nint binding) =>
        Check(((delegate* unmanaged<nint, nint, nint, nint>)Table[RunWithBinding])(session, 0, binding));

    public static nint NewBinding(nint session)
    {
        nint made;
        Check(((delegate* unmanaged<nint, nint*, nint>)Table[CreateIoBinding])(session, &made));
        return made;
    }

    public static void Bind(nint binding, nint name, nint tensor, bool input) =>
        Check(
            ((delegate* unmanaged<nint, nint, nint, nint>)Table[input ? BindInput : BindOutput])(binding, name, tensor)
        );

    /// <summary>The type, shape and numbers of a tensor that ONNX Runtime made; they stay as long as it does.</summary>
    public static (TensorType Type, nint Data) Read(nint tensor)
    {
        nint info,
            data;
        Check(((delegate* unmanaged<nint, nint*, nint>)Table[TensorTypeAndShape])(tensor, &info));
        try
        {
            Check(((delegate* unmanaged<nint, nint*, nint>)Table[TensorData])(tensor, &data));
            return (Described(info), data);
        }
        finally
        {
            Release(OrtKind.TensorInfo, info);
        }
    }

    public static void Release(OrtKind kind, nint handle)
    {
        if (handle != 0)
            ((delegate* unmanaged<nint, void>)Table[(int)kind])(handle);
    }

    private static string NameOf(nint session, int function, nuint index)
    {
        nint allocator,
            text;
        Check(((delegate* unmanaged<nint*, nint>)Table[DefaultAllocator])(&allocator));
        Check(((delegate* unmanaged<nint, nuint, nint, nint*, nint>)Table[function])(session, index, allocator, &text));
        string name = Marshal.PtrToStringUTF8(text)!;
        Check(((delegate* unmanaged<nint, nint, nint>)Table[AllocatorFree])(allocator, text));
        return name;
    }

    private static TensorType TypeOf(nint session, int function, nuint index)
    {
        nint info,
            tensor;
        Check(((delegate* unmanaged<nint, nuint, nint*, nint>)Table[function])(session, index, &info));
        try
        {
            Check(((delegate* unmanaged<nint, nint*, nint>)Table[CastToTensorInfo])(info, &tensor));
            return tensor == 0
                ? throw new ModelException("ONNX Runtime: an input or output is no tensor")
                : Described(tensor);
        }
        finally
        {
            Release(OrtKind.TypeInfo, info);
        }
    }

    private static TensorType Described(nint info)
    {
        int type;
        nuint rank;
        Check(((delegate* unmanaged<nint, int*, nint>)Table[TensorInfoType])(info, &type));
        Check(((delegate* unmanaged<nint, nuint*, nint>)Table[TensorInfoRank])(info, &rank));
        var dims = new long[rank];
        fixed (long* first = dims)
            Check(((delegate* unmanaged<nint, long*, nuint, nint>)Table[TensorInfoDims])(info, first, rank));
        return new TensorType((ElementType)type, new Shape([.. dims.Select(d => checked((int)d))]));
    }

    /// <summary>Turns a status into an error of one line; its text is ONNX Runtime's.</summary>
    private static void Check(nint status)
    {
        if (status == 0)
            return;
        string text = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint, nint>)Table[GetErrorMessage])(status)) ?? "";
        ((delegate* unmanaged<nint, void>)Table[ReleaseStatus])(status);
        throw new DecantException($"ONNX Runtime: {text.ReplaceLineEndings(" ").Trim()}");
    }
}
