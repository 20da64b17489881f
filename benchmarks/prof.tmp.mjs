import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { selectEngine } from '@nerfseg/ops';
import * as g from '@nerfseg/geometry';
import * as b from '@nerfseg/backbone';
import { nativeAddon } from '../packages/ops/dist/native/installed.js';
const e=await selectEngine('nerfseg-cpu'); const A=nativeAddon();
const stat=new Map(); 
for(const k of Object.keys(A)) if(!['threads','isa','isas'].includes(k)){const f=A[k];A[k]=(...a)=>{const c=process.cpuUsage(),t=performance.now();const r=f(...a);const d=process.cpuUsage(c);const s=stat.get(k)??{n:0,cpu:0,wall:0};s.n++;s.cpu+=(d.user+d.system)/1e3;s.wall+=performance.now()-t;stat.set(k,s);return r;};}
const show=(title)=>{console.log(title);for(const [k,s] of [...stat].sort((a,b)=>b[1].cpu-a[1].cpu).slice(0,14))console.log('  ',k.padEnd(26),String(s.n).padStart(5),'cpu',s.cpu.toFixed(0).padStart(7),'wall',s.wall.toFixed(0));stat.clear();};
const buf=readFileSync('/work/shared/data/semantickitti/sequences/00/velodyne/000000.bin'); const raw=new Float32Array(buf.buffer,buf.byteOffset,buf.length/4);
const n=raw.length/4; const positions=new Float32Array(n*3), intensity=new Float32Array(n); for(let i=0;i<n;i++){positions.set(raw.subarray(i*4,i*4+3),i*3);intensity[i]=raw[i*4+3];}
for (const [shape,width] of [[[480,360,32],32],[[240,180,20],16]]) {
 const grid=g.cylindricalGrid('semantickitti',{shape});
 const scan=g.voxelize({positions,intensity},grid);
 const config=b.cylinder3dConfig({numClasses:20,width,kernelMaps:'paper'});
 const cfg=config.right??config;
 const net=b.createCylinder3d(cfg,g.createRandom(1));
 const plan=b.planScans([scan.right??scan],cfg);
 for(let r=0;r<3;r++){ stat.clear(); const c=process.cpuUsage();const t=performance.now(); const f=b.encodeScans(net,plan,{training:false,levels:false}); f.logits.dataSync(); const dt=performance.now()-t; const d=process.cpuUsage(c); b.disposeFeatures(f); if(r==2)show(`infer wall ${dt.toFixed(0)} cpu ${(d.user+d.system)/1e3}`); }
 if(shape[0]===240){ const vars=Object.values(net.trainable); const labels=new Uint8Array(plan.levels[0].coords.length/3).map((_,i)=>i%20);
  const {softmaxCrossEntropy,lovaszSoftmax}=await import('@nerfseg/ops');
  for(let r=0;r<3;r++){stat.clear();const c=process.cpuUsage();const t=performance.now(); const out=tf.variableGrads(()=>{const f=b.encodeScans(net,plan,{training:true});return tf.add(softmaxCrossEntropy(f.logits,labels),lovaszSoftmax(tf.softmax(f.logits),labels));},vars); const l=out.value.dataSync()[0]; const dt=performance.now()-t;const d=process.cpuUsage(c); tf.dispose(out.grads);out.value.dispose(); if(r==2)show(`train step wall ${dt.toFixed(0)} cpu ${(d.user+d.system)/1e3} loss ${l}`);console.log(tf.memory().bytesIdle/1e6, tf.memory().bytesInUse/1e6,tf.memory().numTensors)}
 }
}
